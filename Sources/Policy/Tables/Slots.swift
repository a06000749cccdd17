/// The places of an open-addressing table: an array of hashes, 0 where a place is empty, and beside it an array of
/// words. Linear probing; at most three quarters are taken, so every run of taken places ends.
struct Slots: ~Copyable, Sendable {
    let capacity: Int
    private let pages: Pages

    init(capacity: Int) {
        self.capacity = max(capacity, 4)
        pages = Pages(byteCount: self.capacity * 12)
    }

    var byteCount: Int { pages.byteCount }

    /// Where the search for a hash begins: the hash scaled to the capacity, which needs no power of two.
    @inline(__always)
    func home(of hash: UInt64) -> Int {
        Int(truncatingIfNeeded: hash.multipliedFullWidth(by: UInt64(truncatingIfNeeded: capacity)).high)
    }

    @inline(__always)
    func next(_ place: Int) -> Int {
        place &+ 1 == capacity ? 0 : place &+ 1
    }

    // SAFETY of the four: places come from `home` and `next` alone and are in 0..<capacity; the hashes take the first
    // 8 × capacity bytes of the pages, the words the 4 × capacity after them.

    @inline(__always)
    func hash(at place: Int) -> UInt64 {
        pages.base.load(fromByteOffset: place &* 8, as: UInt64.self)
    }

    @inline(__always)
    func word(at place: Int) -> UInt32 {
        pages.base.load(fromByteOffset: capacity &* 8 &+ place &* 4, as: UInt32.self)
    }

    @inline(__always)
    mutating func set(_ place: Int, hash: UInt64, word: UInt32) {
        pages.base.storeBytes(of: hash, toByteOffset: place &* 8, as: UInt64.self)
        pages.base.storeBytes(of: word, toByteOffset: capacity &* 8 &+ place &* 4, as: UInt32.self)
    }
}
