/// An array of things that can't be copied, or shouldn't be: looking one up counts no references.
struct UniqueArray<Element: ~Copyable>: ~Copyable {
    private var storage: UnsafeMutableBufferPointer<Element> = .allocate(capacity: 4)
    private(set) var count = 0

    deinit {
        storage.extracting(0..<count).deinitialize()
        storage.deallocate()
    }

    var indices: Range<Int> { 0..<count }

    subscript(index: Int) -> Element {
        @inline(__always)
        _read {
            // SAFETY: the first `count` places are initialized.
            precondition(index >= 0 && index < count, "no element \(index) among \(count)")
            yield storage[index]
        }
    }

    mutating func append(_ element: consuming Element) {
        if count == storage.count {
            let larger = UnsafeMutableBufferPointer<Element>.allocate(capacity: count * 2)
            _ = larger.moveInitialize(fromContentsOf: storage.extracting(0..<count))
            storage.deallocate()
            storage = larger
        }
        storage.initializeElement(at: count, to: element)
        count += 1
    }
}

// SAFETY: the elements are the array's own and change only through it.
extension UniqueArray: @unchecked Sendable where Element: Sendable & ~Copyable {}
