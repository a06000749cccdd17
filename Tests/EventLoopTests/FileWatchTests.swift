import Glibc
import Testing

@testable import EventLoop

@Suite("Watched files")
struct FileWatchTests {
    /// A folder with a file, and a watch on it.
    private final class Rig: Sendable {
        let folder: String
        let running: RunningLoop
        let notes = Notes()

        var path: String { "\(folder)/watched" }

        init() throws {
            var template = Array("/tmp/sallyport-watch-XXXXXX".utf8CString)
            guard let made = mkdtemp(&template) else { throw Errno.last }
            folder = String(cString: made)
            running = try RunningLoop()
            write("first", to: "watched")
            let (path, notes) = (path, notes)
            try running.run { stage in
                stage.kept.append(try FileWatch([path], on: stage.loop) { notes.add("changed") })
            }
        }

        deinit {
            for name in ["watched", "other", "elsewhere"] { unlink("\(folder)/\(name)") }
            rmdir(folder)
        }

        func write(_ text: String, to name: String) {
            guard let stream = fopen("\(folder)/\(name)", "w") else { return }
            fputs(text, stream)
            fclose(stream)
        }

        /// Waits until a change is told of that `change` makes.
        func expectNews(_ what: String, _ change: () -> Void) {
            let before = notes.all.count
            change()
            #expect(notes.wait(for: before + 1).count > before, "\(what)")
        }
    }

    @Test("It is told when a file is written, replaced, removed and made again")
    func changes() throws {
        let rig = try Rig()
        rig.expectNews("written") { rig.write("second", to: "watched") }
        rig.expectNews("replaced") {
            rig.write("third", to: "other")
            rename("\(rig.folder)/other", rig.path)
        }
        rig.expectNews("written after that") { rig.write("fourth", to: "watched") }
        rig.expectNews("removed") { unlink(rig.path) }
        rig.expectNews("made again") { rig.write("fifth", to: "watched") }
    }

    @Test("A file that a link leads to is watched where it is")
    func link() throws {
        let rig = try Rig()
        rig.write("target", to: "elsewhere")
        rig.expectNews("linked") {
            unlink(rig.path)
            symlink("\(rig.folder)/elsewhere", rig.path)
        }
        rig.expectNews("written behind the link") { rig.write("new", to: "elsewhere") }
    }

    @Test("A stopped watch tells nothing, and the loop has no more of it")
    func stops() throws {
        let rig = try Rig()
        let counts = try rig.running.run { stage in
            let before = stage.loop.registrationCount
            (stage.kept.removeLast() as? FileWatch)?.stop()
            return (before, stage.loop.registrationCount)
        }
        #expect(counts.1 == counts.0 - 1)
    }
}
