/// The origins' answers to GET, made once.
enum Answer {
    static let small = make(contentBytes: 200)
    static let big = make(contentBytes: 1 << 20)

    private static func make(contentBytes: Int) -> [UInt8] {
        let head = """
            HTTP/1.1 200 OK\r
            Date: Thu, 01 Jan 2026 00:00:00 GMT\r
            Content-Type: application/octet-stream\r
            Cache-Control: no-store\r
            Content-Length: \(contentBytes)\r
            \r

            """
        return Array(head.utf8) + (0..<contentBytes).map { UInt8(ascii: "a") + UInt8($0 % 26) }
    }
}
