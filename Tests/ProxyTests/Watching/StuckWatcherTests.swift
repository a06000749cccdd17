import AccessLog
import Addressing
import EventLoop
import Foundation
import Synchronization
import Testing

@testable import Proxy

@Suite("Who watches and doesn't read")
struct StuckWatcherTests {
    /// Takes what is sent, or says that it has not been taken yet.
    private final class Outlet: AdminOutlet {
        var isDrained = true
        var sent: [String] = []

        func send(_ bytes: [UInt8]) { sent.append(String(decoding: bytes, as: UTF8.self)) }
        func end() {}
    }

    @Test("They are sent nothing more until they have read, and then the newest, with how many there were")
    func stuck() throws {
        let proxy = try RunningProxy()
        let found = Mutex<[String]>([])
        let rig = try AdminRig(proxy) { desk in
            let board = Board(proxy.server, desk)
            desk.board = board
            let stream = EventStream(board, RecordFilter())
            let outlet = Outlet()
            stream?.ready(outlet)
            outlet.sent = []
            outlet.isDrained = false
            Self.end(3 * EventStream.mostRecords, at: board)
            for _ in 0..<50 { stream?.tell(Array("{}".utf8), of: board) }
            let whileStuck = outlet.sent.count
            outlet.isDrained = true
            stream?.tell(Array("{}".utf8), of: board)
            let sent = outlet.sent
            stream?.closed()
            found.withLock { $0 = ["\(whileStuck)"] + sent }
            return []
        }
        let sent = found.withLock { $0 }
        #expect(sent.count == 3 && sent[0] == "0" && sent[1] == "event: sample\ndata: {}\n\n")
        let data = try #require(sent[2].split(separator: "\n").last).dropFirst("data: ".count)
        let object = try #require(try JSONSerialization.jsonObject(with: Data(data.utf8)) as? [String: Any])
        #expect(object["came"] as? Int == 3 * EventStream.mostRecords)
        let records = try #require(object["records"] as? [[String: Any]])
        #expect(records.count == EventStream.mostRecords)
        #expect((records[0]["id"] as? String)?.hasSuffix("-\(3 * EventStream.mostRecords).1") == true)
        try rig.stop()
        _ = try proxy.finish()
    }

    private static func end(_ count: Int, at board: Board) {
        for number in 1...UInt64(count) {
            let trace = Trace(number: number, client: Endpoint(.loopbackV4, Port(1)), listener: 0, at: .now())
            var record = Record()
            record.connection = ConnectionID(run: 1, worker: 0, number: number)
            board.taps[0].note(trace, record.connection) { record.append(to: &$0) }
        }
        board.collect()
    }
}
