import Glibc
import Testing

@testable import EventLoop

@Suite("What the file system says of files")
struct FileStampTests {
    private static func write(_ text: String, to path: String) {
        let file = fopen(path, "w")!
        fputs(text, file)
        fclose(file)
    }

    /// Makes a file look as if nothing had happened to it for an hour.
    private static func age(_ path: String) {
        var times = [timespec(), timespec()]
        clock_gettime(CLOCK_REALTIME, &times[0])
        times[0].tv_sec -= 3600
        times[1] = times[0]
        utimensat(AT_FDCWD, path, times, 0)
    }

    @Test("Files are the same only if nothing can have happened to them unseen")
    func same() throws {
        var template = Array("/tmp/sallyport-stamps-XXXXXX".utf8CString)
        let folder = String(cString: try #require(mkdtemp(&template)))
        let (path, absent) = (folder + "/file", folder + "/absent")
        defer {
            for path in [path, absent] { unlink(path) }
            rmdir(folder)
        }
        Self.write("one", to: path)
        let early = FileStamps(of: [path, absent])
        #expect(!FileStamps(of: [path, absent]).areSame(as: early), "changed so lately that it might change unseen")
        // What nobody has touched for long: the shell, and what isn't there.
        let old = FileStamps(of: ["/bin/sh", absent])
        #expect(FileStamps(of: ["/bin/sh", absent]).areSame(as: old))
        Self.write("two", to: absent)
        #expect(!FileStamps(of: ["/bin/sh", absent]).areSame(as: old), "there is one where none was")
        #expect(!FileStamps(of: ["/bin/sh"]).areSame(as: old), "other files")
        Self.age(path)
        let aged = FileStamps(of: [path])
        #expect(!FileStamps(of: [path]).areSame(as: aged), "times can be set, the time of that can't")
    }
}
