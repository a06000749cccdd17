import Addressing
import EventLoop

/// An origin for datagrams: sends each back to where it came from.
final class DatagramEcho: EventHandler {
    let endpoint: Endpoint
    private let loop: EventLoop
    private let socket: FileDescriptor

    init(on loop: EventLoop) throws(Errno) {
        self.loop = loop
        socket = try Socket.datagrams(at: Endpoint(.loopbackV4, Port(0)))
        endpoint = Socket.localEndpoint(of: socket.raw)
        super.init()
        _ = try loop.register(socket.raw, for: self)
    }

    override func ready(_ readiness: Readiness, tag: UInt32) {
        again()
    }

    override func again() {
        let batch = loop.datagrams
        _ = batch.receive(from: socket.raw)
        for index in 0..<batch.count {
            if let source = batch.source(index) { batch.send(index, dropping: 0, to: source) }
        }
        _ = batch.flush(to: socket.raw)
        if batch.count == DatagramBatch.capacity { loop.again(self) }
    }
}
