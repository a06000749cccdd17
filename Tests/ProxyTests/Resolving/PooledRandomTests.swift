import Testing

@testable import Proxy

@Suite("Random numbers from a pool")
struct PooledRandomTests {
    @Test("No number is given twice, also when the pool is filled again")
    func fresh() {
        var random = PooledRandom()
        var copy = PooledRandom()
        let numbers = (0..<1000).map { _ in random.next() } + (0..<1000).map { _ in copy.next() }
        #expect(Set(numbers).count == numbers.count)
    }

    @Test("Every bit is set in some and clear in others")
    func bits() {
        var random = PooledRandom()
        let numbers = (0..<256).map { _ in random.next() }
        #expect(numbers.reduce(0, |) == .max)
        #expect(numbers.reduce(.max, &) == 0)
    }
}
