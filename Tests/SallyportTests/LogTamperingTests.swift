import Glibc
import Testing

/// What an auditor gets to see who has a log that somebody had a hand in.
@Suite("A log that somebody had a hand in")
struct LogTamperingTests {
    private let folder: TestFolder
    /// The lines of the newest file: a start, requests, a stop, and seals.
    private let lines: [String]
    /// Where in `lines` the requests are; there is no seal between these.
    private let requests: [Int]

    /// Three runs, each with a file of its own.
    init() throws {
        folder = try TestFolder(["policy.conf": "default deny\n"])
        for old in ["access.log.2", "access.log.1", nil] {
            let program = try RunningProgram(in: folder)
            let client = try program.connect()
            // In one go, so that they are sealed together.
            let request = "GET http://a.example/ HTTP/1.1\r\nHost: x\r\n"
            try client.send(
                String(repeating: "\(request)\r\n", count: 3) + "\(request)Connection: close\r\n\r\n")
            _ = try client.receiveToEnd()
            try program.stop()
            if let old { try #require(rename(folder["access.log"], folder[old]) == 0) }
        }
        let written = folder.lines(of: "access.log")
        lines = written
        requests = written.indices.filter { written[$0].contains("\"type\":\"request\"") }
        try #require(requests.count == 4)
    }

    /// What `log verify` says of the file once `edit` was done to its lines.
    private func verified(_ options: [String] = [], _ edit: (inout [String]) -> Void) throws -> (Int32, String) {
        var edited = lines
        edit(&edited)
        try folder.write(Array(edited.map { "\($0)\n" }.joined().utf8), to: "edited.log")
        let result = try ChildProcess(["log", "verify"] + options + [folder["edited.log"]]).finish()
        #expect(result.complaints == [])
        return (result.code, result.output.replacing("\(folder.path)/", with: ""))
    }

    private func number(_ index: Int) throws -> Int {
        try LoggedLine(lines[index].utf8).number
    }

    @Test("As it was written: intact, one file or all, in any order")
    func intact() throws {
        #expect(try verified { _ in }.0 == 0)
        let all = ["access.log", "access.log.2", "access.log.1"].map { folder[$0] }
        let result = try ChildProcess(["log", "verify"] + all).finish()
        #expect(result.code == 0)
        #expect(result.output.hasPrefix("intact: "))
    }

    @Test("One byte changed")
    func changed() throws {
        let index = requests[1]
        for (old, new) in [("a.example", "b.example"), ("\"deny\"", "\"Deny\""), ("\"port\":80", "\"port\":81")] {
            let (code, output) = try verified { $0[index] = $0[index].replacing(old, with: new) }
            #expect(code == 1)
            #expect(output.hasPrefix("edited.log:\(index + 1): line \(try number(index)) was changed\nNOT intact: "))
        }
    }

    @Test("A line removed")
    func removed() throws {
        let index = requests[1]
        let (code, output) = try verified { $0.remove(at: index) }
        #expect(code == 1)
        #expect(output.hasPrefix("edited.log:\(index + 1): line \(try number(index)) was removed before this\nNOT "))
    }

    @Test("Two lines swapped")
    func swapped() throws {
        let index = requests[1]
        let (code, output) = try verified { $0.swapAt(index, index + 1) }
        #expect(code == 1)
        #expect(output.hasPrefix("edited.log:\(index + 1): line \(try number(index + 1)) was moved here\nNOT intact: "))
    }

    @Test("A line inserted")
    func inserted() throws {
        let index = requests[2]
        for added in [lines[requests[0]], lines[0], "{\"v\":1,\"type\":\"request\",\"seq\":\(try number(index))}"] {
            let (code, output) = try verified { $0.insert(added, at: index) }
            #expect(code == 1)
            #expect(output.hasPrefix("edited.log:\(index + 1): this line was added\nNOT intact: "), "\(output)")
        }
    }

    @Test("The tail cut off, to who knows the newest seal")
    func cut() throws {
        let head = try ChildProcess(["log", "head", folder["access.log"]]).finish().output.dropLast()
        #expect(try verified(["--head", String(head)]) { _ in }.0 == 0)
        let (code, output) = try verified(["--head", String(head)]) { $0.removeLast(3) }
        #expect(code == 1)
        #expect(output.contains(" is missing: the end was cut off, or all was written anew\nNOT intact: "))
    }

    @Test("A file of the chain missing")
    func fileMissing() throws {
        let result = try ChildProcess(["log", "verify", folder["access.log.2"], folder["access.log"]]).finish()
        #expect(result.code == 1)
        #expect(result.output.contains(" were missing with all seals among them: is there another file?\n"))
    }
}
