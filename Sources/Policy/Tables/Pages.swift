import Glibc

/// Zeroed memory straight from the kernel, given back to it whole: replacing a large table leaves no hole in the heap.
struct Pages: ~Copyable {
    let base: UnsafeMutableRawPointer
    let byteCount: Int

    /// - Parameter byteCount: more than 0. Memory that can't be had ends the process, as every allocation in Swift does.
    init(byteCount: Int) {
        let base = mmap(nil, byteCount, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
        guard let base, base != MAP_FAILED else { fatalError("out of memory: \(byteCount) bytes for a table") }
        self.base = base
        self.byteCount = byteCount
    }

    deinit {
        munmap(base, byteCount)
    }
}

// SAFETY: the owner alone writes, and only while it is being built and not shared yet.
extension Pages: @unchecked Sendable {}
