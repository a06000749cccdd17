import Glibc
import Testing

@testable import Proxy

@Suite("Files that another thread opens")
struct FileOpenerTests {
    @Test("Those known from the start are opened, whatever has taken their place, and no other")
    func opens() throws {
        var template = Array("/tmp/sallyport-opener-XXXXXX".utf8CString)
        let folder = String(cString: try #require(mkdtemp(&template)))
        let (known, other) = (folder + "/known", folder + "/other")
        defer {
            unlink(known)
            unlink(other)
            rmdir(folder)
        }
        for path in [known, other] {
            let file = try #require(fopen(path, "w"))
            fputs(path, file)
            fclose(file)
        }
        let opener = try #require(FileOpener([known, folder + "/absent"]))
        #expect(Self.contents(opener.open(known)) == known)
        #expect(opener.open(other) == -1 && errno == EACCES)
        #expect(opener.open(folder + "/absent") == -1 && errno == ENOENT)
        rename(other, known)
        #expect(Self.contents(opener.open(known)) == other)
    }

    private static func contents(_ descriptor: CInt) -> String {
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: 200)
        let count = read(descriptor, &bytes, bytes.count)
        return String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
    }
}
