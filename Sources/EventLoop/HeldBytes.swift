/// Bytes that were read and could not be passed on yet. Owned by one flow, and only while its sink is full.
final class HeldBytes {
    private let storage: UnsafeMutableRawBufferPointer
    private var start = 0

    /// Copies `bytes`, which are not empty.
    init(_ bytes: UnsafeRawBufferPointer) {
        storage = .allocate(byteCount: bytes.count, alignment: 1)
        storage.copyMemory(from: bytes)
    }

    deinit {
        storage.deallocate()
    }

    /// What is still to be passed on. Valid as long as the object lives.
    var rest: UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(rebasing: storage[start...])
    }

    func drop(_ count: Int) {
        start += count
    }
}
