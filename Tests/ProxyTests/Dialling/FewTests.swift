import Testing

@testable import Proxy

@Suite("A list of a few")
struct FewTests {
    @Test("It holds what an array holds, whatever is added and removed", arguments: 0..<20)
    func asArray(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        var few = Few<Int>()
        var array: [Int] = []
        for step in 0..<200 {
            switch Int.random(in: 0..<5, using: &generator) {
            case 0, 1:
                few.append(step)
                array.append(step)
            case 2 where !array.isEmpty:
                let index = array.indices.randomElement(using: &generator)!
                #expect(few.remove(at: index) == array.remove(at: index))
            case 3 where !array.isEmpty:
                let index = array.indices.randomElement(using: &generator)!
                few[index] = step
                array[index] = step
            case 4 where step % 40 == 0:
                few.removeAll()
                array.removeAll()
            default: break
            }
            #expect(few.count == array.count && few.indices == array.indices)
            #expect(few.indices.map { few[$0] } == array)
            #expect(few.firstIndex { $0 % 7 == 0 } == array.firstIndex { $0 % 7 == 0 })
        }
    }
}
