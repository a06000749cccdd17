import Testing

@testable import Proxy

@Suite("Bytes read and not consumed")
struct InboxTests {
    @Test("What is dropped is gone, what is left stays in order")
    func order() {
        var inbox = Inbox([1, 2, 3])
        inbox.drop(2)
        append([4, 5], to: &inbox)
        #expect(inbox.contents == [3, 4, 5])
        inbox.drop(1)
        #expect(inbox.contents == [4, 5])
        inbox.drop(2)
        #expect(inbox.isEmpty)
        append([6], to: &inbox)
        #expect(inbox.contents == [6])
    }

    @Test("Requests that never end where a read does leave nothing behind")
    func bounded() {
        let piece = [UInt8](repeating: 7, count: 1000)
        var inbox = Inbox()
        for _ in 0..<1000 {
            append(piece, to: &inbox)
            inbox.drop(inbox.count - 1)
        }
        #expect(inbox.count == 1)
        #expect(inbox.capacity < 8 * piece.count)
    }

    private func append(_ bytes: [UInt8], to inbox: inout Inbox) {
        bytes.withUnsafeBytes { inbox.append($0) }
    }
}
