import Addressing
import EventLoop
import Glibc
import Proxy

/// Asks the running proxy, and waits for the answer.
struct AdminClient {
    let place: AdminPlace
    let token: [UInt8]?
    /// Whether nobody has said that it is there.
    let isGuessed: Bool

    /// For each part of an answer.
    private static let patience = 15

    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    /// - Returns: the body of the answer.
    /// - Throws: `Failure`, when nothing answers or the answer is another than 200.
    func ask(_ method: String, _ target: String, accept: String = "*/*") throws(Failure) -> [UInt8] {
        let descriptor = try connect()
        // Of HTTP/1.0, whose answers end with the connection.
        var request = "\(method) \(target) HTTP/1.0\r\nHost: localhost\r\nAccept: \(accept)\r\n"
        if let token { request += "Authorization: Bearer \(String(decoding: token, as: UTF8.self))\r\n" }
        try send(Array("\(request)\r\n".utf8), descriptor.raw)
        return try body(of: try receive(descriptor.raw))
    }

    // MARK: - Private

    private func connect() throws(Failure) -> FileDescriptor {
        do throws(Errno) {
            switch place {
            case .local(let path): return try Socket.connectLocal(to: path, seconds: Self.patience)
            case .port(let endpoint): return try Socket.connectBlocking(to: endpoint, seconds: Self.patience)
            }
        } catch {
            let hint =
                isGuessed
                ? "; where the proxy answers is said by --admin, or by --config and the line admin in that file"
                : "; is the proxy running with --admin \(place)?"
            throw Failure(description: "nothing answers at \(place): \(error)\(hint)")
        }
    }

    private func send(_ bytes: [UInt8], _ descriptor: CInt) throws(Failure) {
        guard Glibc.send(descriptor, bytes, bytes.count, CInt(MSG_NOSIGNAL)) == bytes.count else {
            throw failure(errno)
        }
    }

    private func receive(_ descriptor: CInt) throws(Failure) -> [UInt8] {
        var answer: [UInt8] = []
        var room = [UInt8](repeating: 0, count: 64 * 1024)
        while true {
            let count = recv(descriptor, &room, room.count, 0)
            if count == 0 { return answer }
            if count < 0 && errno == EINTR { continue }
            if count < 0 { throw failure(errno) }
            answer += room[..<count]
        }
    }

    private func failure(_ number: CInt) -> Failure {
        let why = number == EAGAIN ? "it is silent" : "\(Errno(rawValue: number))"
        return Failure(description: "what listens at \(place) does not answer: \(why)")
    }

    private func body(of answer: [UInt8]) throws(Failure) -> [UInt8] {
        let end: [UInt8] = [0x0d, 0x0a, 0x0d, 0x0a]
        guard answer.starts(with: Array("HTTP/1.".utf8)),
            let start = answer.indices.first(where: { answer[$0...].starts(with: end) })
        else { throw Failure(description: "what answers at \(place) is no proxy's interface") }
        let body = Array(answer[(start + 4)...])
        let status = String(decoding: answer[9..<12], as: UTF8.self)
        guard status == "200" else {
            let said = Printable.text(String(decoding: body.prefix(500), as: UTF8.self))
            throw Failure(description: "\(place) refuses (\(status)): \(said)")
        }
        return body
    }
}

/// What may go to a terminal.
enum Printable {
    /// Controls, by which a name could move the cursor, are marked.
    static func text(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            let isControl = scalar.value < 0x20 || (0x7f...0x9f).contains(scalar.value)
            let isDirection = (0x202a...0x202e).contains(scalar.value) || (0x2066...0x2069).contains(scalar.value)
            if isControl || isDirection || (0xef80...0xefff).contains(scalar.value) {
                result += "\u{fffd}"
            } else {
                result.unicodeScalars.append(scalar)
            }
        }
        while result.last == "\u{fffd}" { result.removeLast() }
        return result
    }
}
