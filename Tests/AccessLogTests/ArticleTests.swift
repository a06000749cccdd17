import Testing

@testable import AccessLog

@Suite("The article on the log")
struct ArticleTests {
    static let article: String = {
        let root = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(3).joined(separator: "/")
        let path = root + "/Sources/sallyport/Documentation.docc/AccessLog.md"
        return String(decoding: TemporaryFile.read(path), as: UTF8.self)
    }()

    @Test("Every key and every word of the log's vocabularies stands in it")
    func complete() {
        let words =
            LogKey.allCases.map(\.name) + LogEvent.Kind.allCases.map(\.rawValue) + Stage.allCases.map(\.rawValue)
            + EndedBy.allCases.map(\.rawValue) + RequestProtocol.allCases.map(\.rawValue)
            + Verdict.allCases.map(\.rawValue) + AuthMethod.allCases.map(\.rawValue)
        for word in words { #expect(Self.article.contains("`\(word)`"), "\(word)") }
    }
}
