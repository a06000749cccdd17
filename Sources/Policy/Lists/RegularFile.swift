import Glibc

/// A file open for reading. Anything but a regular file is refused: a pipe or a device could keep the reader waiting.
struct RegularFile: ~Copyable {
    private let descriptor: Int32
    /// When it was opened.
    let byteCount: Int

    init(path: String) throws(FileError) {
        descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw FileError(errno) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw FileError(errno) }
        let type = status.st_mode & S_IFMT
        guard type != S_IFDIR else { throw FileError(message: "is a folder; name a file") }
        guard type == S_IFREG else { throw FileError(message: "is no regular file") }
        byteCount = Int(status.st_size)
    }

    deinit {
        close(descriptor)
    }

    /// Fills `buffer` from the place `offset` on as far as the file goes.
    ///
    /// - Returns: the bytes read; less than asked for only at the end of the file.
    func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int) throws(FileError) -> Int {
        var count = 0
        while count < buffer.count {
            let got = pread(descriptor, buffer.baseAddress! + count, buffer.count - count, off_t(offset + count))
            if got == 0 { break }
            if got > 0 {
                count += got
            } else if errno != EINTR {
                throw FileError(errno)
            }
        }
        return count
    }

    /// The whole file, which must be small.
    func contents(limit: Int) throws(FileError) -> [UInt8] {
        guard byteCount <= limit else {
            throw FileError(message: "is too large: \(byteCount) bytes; \(limit) are allowed")
        }
        var failure: FileError?
        let bytes = [UInt8](unsafeUninitializedCapacity: byteCount) { buffer, count in
            do throws(FileError) {
                count = try read(into: UnsafeMutableRawBufferPointer(buffer), at: 0)
            } catch {
                failure = error
            }
        }
        if let failure { throw failure }
        return bytes
    }
}
