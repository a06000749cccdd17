import Foundation
import Testing

/// The article on protocols promises tests by name.
@Suite struct ProtocolsArticleTests {
    @Test("Every test that the article on protocols names is there")
    func namedTests() throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let article = try String(
            contentsOf: root.appending(path: "Sources/sallyport/Documentation.docc/Protocols.md"), encoding: .utf8)
        var sources = ""
        for target in ["WireTests", "AddressingTests", "ProxyTests", "ProxyTests/Forwarding"] {
            let folder = root.appending(path: "Tests/\(target)")
            for file in try FileManager.default.contentsOfDirectory(atPath: folder.path) where file.hasSuffix(".swift")
            {
                sources += try String(contentsOf: folder.appending(path: file), encoding: .utf8)
            }
        }
        // Quoted and more than a word or two: a test's name is a sentence, perhaps broken over two lines.
        let quoted = article.components(separatedBy: "\"").enumerated().filter { $0.offset % 2 == 1 }.map(\.element)
        let names = quoted.map { $0.split(whereSeparator: \.isWhitespace).joined(separator: " ") }
            .filter { $0.split(separator: " ").count > 3 }
        #expect(names.count > 60)
        for name in Set(names) {
            let isThere = sources.contains("\"\(name)\"")
            #expect(isThere, "\(name)")
        }
    }
}
