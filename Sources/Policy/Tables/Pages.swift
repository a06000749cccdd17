import Glibc

/// Zeroed memory. Large pieces come straight from the kernel and go back to it whole: replacing a large table leaves no hole
/// in the heap.
struct Pages: ~Copyable {
    let base: UnsafeMutableRawPointer
    let byteCount: Int

    /// Less than that would waste the better part of a page.
    private static let mapped = 64 << 10
    private static let large = 2 << 20

    /// - Parameter byteCount: more than 0. Memory that can't be had ends the process, as every allocation in Swift does.
    init(byteCount: Int) {
        self.byteCount = byteCount
        guard byteCount >= Self.mapped else {
            base = .allocate(byteCount: byteCount, alignment: 8)
            base.initializeMemory(as: UInt8.self, repeating: 0, count: byteCount)
            return
        }
        let memory = mmap(nil, byteCount, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
        guard let memory, memory != MAP_FAILED else { fatalError("out of memory: \(byteCount) bytes for a table") }
        // Entries lie all over a table, so with small pages nearly every look-up would miss the TLB too. Advice: where the
        // kernel has no large pages, nothing changes.
        madvise(memory, byteCount, MADV_HUGEPAGE)
        base = memory
        // The kernel clears a large page when it is touched first; a table's entries would touch all of them in one go.
        for offset in stride(from: 0, to: byteCount, by: Self.large) {
            memory.storeBytes(of: 0, toByteOffset: offset, as: UInt8.self)
            giveWay()
        }
    }

    deinit {
        if byteCount < Self.mapped { base.deallocate() } else { munmap(base, byteCount) }
    }
}

// SAFETY: the owner alone writes, and only while it is being built and not shared yet.
extension Pages: @unchecked Sendable {}
