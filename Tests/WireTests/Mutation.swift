import Glibc

/// Changes good input into input that is nearly good.
struct Mutation {
    private var generator: SeededGenerator
    private let seeds: [[UInt8]]
    private let words: [[UInt8]]

    /// Rounds of a fuzzing test: 2,000, or what `SALLYPORT_FUZZ_ROUNDS` says, for a longer run by hand.
    static var rounds: Int {
        getenv("SALLYPORT_FUZZ_ROUNDS").flatMap { Int(String(cString: $0)) } ?? 2_000
    }

    /// The seed of a run: 1, or what `SALLYPORT_FUZZ_SEED` says.
    static var seed: UInt64 {
        getenv("SALLYPORT_FUZZ_SEED").flatMap { UInt64(String(cString: $0)) } ?? 1
    }

    init(_ seeds: [[UInt8]], words: [String] = []) {
        generator = SeededGenerator(seed: Self.seed)
        self.seeds = seeds
        self.words = words.map { Array($0.utf8) } + [[0], [0xff], [0xff, 0xff], [0x7f], [0x80, 0], [10], [13, 10]]
    }

    mutating func next() -> [UInt8] {
        var bytes = generator.pick(seeds)
        for _ in 0..<1 + generator.below(4) { change(&bytes) }
        return bytes
    }

    mutating func below(_ bound: Int) -> Int { generator.below(bound) }

    private mutating func change(_ bytes: inout [UInt8]) {
        let place = generator.below(bytes.count + 1)
        let end = min(bytes.count, place + 1 + generator.below(8))
        switch generator.below(9) {
        case 0: bytes.insert(UInt8(truncatingIfNeeded: generator.next()), at: place)
        case 1: bytes.insert(contentsOf: generator.pick(words), at: place)
        case 2: bytes.removeSubrange(place..<end)
        case 3: bytes.insert(contentsOf: bytes[place..<end], at: place)
        case 4: bytes.removeSubrange(place...)
        case 5:
            let other = generator.pick(seeds)
            bytes = Array(bytes[..<place]) + Array(other[generator.below(other.count + 1)...])
        case 6 where place < bytes.count: bytes[place] ^= 1 << UInt8(generator.below(8))
        case 7 where place < bytes.count: bytes[place] &+= generator.pick([1, 0xff, 0x80])
        default: if place < bytes.count { bytes[place] = UInt8(truncatingIfNeeded: generator.next()) }
        }
    }
}
