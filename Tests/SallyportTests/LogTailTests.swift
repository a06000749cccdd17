import Testing

@Suite("sallyport log tail --id")
struct LogTailTests {
    private static func line(_ id: String) -> String {
        """
        {"v":1,"type":"request","seq":1,"id":"\(id)","conn":"c","worker":0,"start":"2026-11-21T00:21:44.198508Z",\
        "end":"2026-11-21T00:21:44.198579Z","client":"127.0.0.1","client_port":4,"listener":"127.0.0.1:3128",\
        "proto":"connect","method":"CONNECT","host":"of-\(id).example","port":443,"verdict":"deny","outcome":"ok"}

        """
    }

    @Test("A request is found in the log and in the files rotated from it; one that isn't there is told")
    func rotated() throws {
        let folder = try TestFolder([
            "access.log": Self.line("a-1"), "access.log.1": Self.line("b-1") + Self.line("b-2"),
            "access.log.2": Self.line("c-1"),
            "access.log.4": Self.line("d-1"),
        ])
        for id in ["a-1", "b-1", "b-2", "c-1"] {
            let result = try ChildProcess(["log", "tail", "--id", id, folder["access.log"]]).finish()
            #expect(result.code == 0 && result.output.contains("of-\(id).example"))
            #expect(result.output.split(separator: "\n").count == 1)
        }
        // Behind a gap in the numbers there is another log.
        for id in ["d-1", "x"] {
            let result = try ChildProcess(["log", "tail", "--id", id, folder["access.log"]]).finish()
            #expect(result.code == 1 && result.output.isEmpty)
            let expected = "sallyport: no request \(id) is in \(folder["access.log"]) or the 2 rotated from it"
            #expect(result.complaints == [expected])
        }
    }
}
