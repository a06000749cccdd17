import Addressing
import EventLoop
import Glibc

/// A name server for one zone, in which every name has the address 127.0.0.1 and no other; for all other names it
/// says that they don't exist. It answers at once, over UDP, and one question for each datagram.
///
/// Spec: RFC 1035 §4.1.
final class NameServer: EventHandler {
    private let socket: FileDescriptor

    /// With the dot in front.
    static let zone = ".bench.test"
    private static let timeToLive: [UInt8] = [0, 0, 14, 16]
    private static let headerBytes = 12

    init(on loop: EventLoop) throws(Errno) {
        socket = try Socket.datagrams(at: Endpoint(.loopbackV4, Port(0)))
        super.init()
        _ = try loop.register(socket.raw, for: self)
    }

    var endpoint: Endpoint { Socket.localEndpoint(of: socket.raw) }

    override func ready(_ readiness: Readiness, tag: UInt32) {
        var buffer = [UInt8](repeating: 0, count: 1500)
        while true {
            var peer = sockaddr_in()
            var length = socklen_t(MemoryLayout<sockaddr_in>.size)
            let count = withUnsafeMutablePointer(to: &peer) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    recvfrom(socket.raw, &buffer, buffer.count, 0, $0, &length)
                }
            }
            guard count >= 0 else { return }
            guard let answer = Self.answer(to: buffer[..<count]) else { continue }
            withUnsafePointer(to: peer) { pointer in
                _ = pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    sendto(socket.raw, answer, answer.count, 0, $0, length)
                }
            }
        }
    }

    /// The answer to a datagram; nil when it is no question.
    static func answer(to query: ArraySlice<UInt8>) -> [UInt8]? {
        guard query.count > headerBytes, query[2] & 0x80 == 0, query[4] == 0, query[5] == 1 else { return nil }
        var end = headerBytes
        while end < query.count, query[end] != 0 { end += 1 + Int(query[end]) }
        guard end + 5 <= query.count else { return nil }
        let (type, question) = (query[end + 2], query[headerBytes..<end + 5])
        // Labels of the zone with their lengths, as they stand in a question; letters compared without regard to case.
        let suffix: [UInt8] = [5] + "bench".utf8 + [4] + "test".utf8 + [0]
        let isOurs = query[..<(end + 1)].suffix(suffix.count).map { $0 | 0x20 } == suffix.map { $0 | 0x20 }
        let hasAddress = isOurs && query[end + 1] == 0 && type == 1
        var answer =
            Array(query[..<2]) + [0x84 | query[2] & 1, isOurs ? 0 : 3, 0, 1, 0, hasAddress ? 1 : 0, 0, 0, 0, 0]
        answer += question
        // The name by a pointer to the question; type A, class IN.
        if hasAddress { answer += [0xC0, 12, 0, 1, 0, 1] + timeToLive + [0, 4, 127, 0, 0, 1] }
        return answer
    }
}
