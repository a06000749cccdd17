import Dispatch
import Glibc

/// SIGINT and SIGTERM: contenders are ended and the temporary folder is removed before the program ends.
final class Interruption {
    private var sources: [DispatchSourceSignal] = []

    init(folder: String) {
        let queue = DispatchQueue(label: "sallyport-bench.signals")
        for number in [SIGINT, SIGTERM] {
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
            source.setEventHandler {
                Child.endAll()
                Folder.remove(folder)
                _exit(128 + number)
            }
            source.activate()
            sources.append(source)
        }
    }

    /// From now on signals are ignored: the program is about to end.
    func stop() {
        for source in sources { source.cancel() }
    }
}
