extension Span<UInt8> {
    /// Whether both hold the same bytes. Eight are compared at a time.
    public func isSame(as other: Span<UInt8>) -> Bool {
        guard count == other.count else { return false }
        return withUnsafeBytes { left in
            other.withUnsafeBytes { right in
                var index = 0
                while left.count - index >= 8 {
                    let one = left.loadUnaligned(fromByteOffset: index, as: UInt64.self)
                    guard one == right.loadUnaligned(fromByteOffset: index, as: UInt64.self) else { return false }
                    index += 8
                }
                while index < left.count {
                    guard left[index] == right[index] else { return false }
                    index += 1
                }
                return true
            }
        }
    }
}
