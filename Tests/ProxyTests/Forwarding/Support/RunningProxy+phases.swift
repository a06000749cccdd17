import Glibc

@testable import Proxy

extension RunningProxy {
    /// Whether a client's connection waits with an answer of the proxy's own.
    func isAnswering() throws -> Bool {
        try server.workers.contains { sibling in
            try sibling.mailbox.ask { worker in
                worker.loop.handlers.contains { handler in
                    if case .answering = (handler as? HTTPConnection)?.phase { true } else { false }
                }
            }
        }
    }

    /// Idle connections to origins that the workers keep.
    func idleOrigins() throws -> Int {
        try server.workers.reduce(0) { sum, sibling in try sum + sibling.mailbox.ask { $0.originPool.count } }
    }

    /// Origins that the workers remember to have had idle connections to.
    func rememberedOrigins() throws -> Int {
        try server.workers.reduce(0) { sum, sibling in try sum + sibling.mailbox.ask { $0.originPool.originCount } }
    }

    /// Lets the kernel take little for clients that don't read.
    func shrinkSendBuffers() throws {
        for sibling in server.workers {
            try sibling.mailbox.ask { worker in
                for case let connection as HTTPConnection in worker.loop.handlers {
                    var size: CInt = 16 * 1024
                    let length = socklen_t(MemoryLayout<CInt>.size)
                    setsockopt(connection.client.descriptor, SOL_SOCKET, SO_SNDBUF, &size, length)
                }
            }
        }
    }
}
