extension CaseIterable {
    /// The place of a case without payload among `allCases`, for at most 256 of them: such a value is one byte, which
    /// counts the cases in the order of their declaration.
    @inline(__always)
    var ordinal: Int {
        if MemoryLayout<Self>.size == 0 { return 0 }
        precondition(MemoryLayout<Self>.size == 1, "an enumeration of more than a byte")
        return Int(unsafeBitCast(self, to: UInt8.self))
    }
}
