import Glibc
import Testing

@testable import AccessLog

@Suite("The writer")
struct LogWriterTests {
    @Test("Lines are numbered from 1 in the order of the file")
    func numbers() throws {
        let file = try TemporaryFile()
        let writer = try LogWriter(path: file.path)
        let batch = RecordBatch()
        var record = Record()
        for kind in [Record.Kind.open, .update, .request] {
            record.kind = kind
            batch.append(record)
        }
        writer.submit(batch)
        #expect(batch.isEmpty)
        batch.append(
            LogEvent(.stop, at: 0, [("signal", .text("TERM")), ("records", .number(3)), ("clean", .flag(true))]))
        writer.submit(batch)
        #expect(writer.close(within: .seconds(10)))
        let lines = file.lines
        try #require(lines.count == 4)
        #expect(lines[0].hasPrefix(#"{"v":1,"type":"open","seq":1,"id":"0-0-0.1""#))
        #expect(lines[1].hasPrefix(#"{"v":1,"type":"update","seq":2,"id":"0-0-0.1""#))
        #expect(lines[2].hasPrefix(#"{"v":1,"type":"request","seq":3,"id":"0-0-0.1""#))
        #expect(
            lines[3] == #"{"v":1,"type":"event","seq":4,"start":"1970-01-01T00:00:00.000000Z","event":"stop","#
                + #""signal":"TERM","records":3,"clean":true}"#)
    }
}
