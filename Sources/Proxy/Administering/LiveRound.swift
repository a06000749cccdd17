import EventLoop

/// A visit to the requests of all workers, one part after the other. Lives on the interface's loop; each part is made on the
/// loop of its worker, and the next one is asked for only when it is wanted.
final class LiveRound {
    private let workers: [Sibling]
    private unowned let desk: AdminDesk
    private let make: @Sendable (Worker, Int) -> LiveChunk
    private var worker = 0
    private var place = 0

    /// What becomes of each part.
    var came: ((LiveChunk) -> Void)?
    /// Whether there are no more parts to come.
    private(set) var isOver = false

    init(_ workers: [Sibling], at desk: AdminDesk, _ make: @escaping @Sendable (Worker, Int) -> LiveChunk) {
        self.workers = workers
        self.desk = desk
        self.make = make
        isOver = workers.isEmpty
    }

    /// Asks for the next part.
    func next() {
        guard !isOver else { return }
        let ticket = desk.rounds.add(self)
        let (mailbox, make, place) = (desk.mailbox, make, place)
        workers[worker].mailbox.post { worker in
            let chunk = make(worker, place)
            mailbox.post { desk in desk.rounds.remove(ticket)?.take(chunk) }
        }
    }

    private func take(_ chunk: LiveChunk) {
        if let next = chunk.next {
            place = next
        } else {
            (worker, place) = (worker + 1, 0)
            isOver = worker == workers.count
        }
        came?(chunk)
    }
}

/// The requests under way as a JSON array, one a line.
final class LiveListing: AdminStream {
    private let round: LiveRound
    private weak var outlet: (any AdminOutlet)?
    private var hasBegun = false
    private var count = 0
    private let most: Int

    /// - Parameter most: after as many, and the rest of the part that they are of, the list ends.
    init(_ round: LiveRound, most: Int = .max) {
        self.round = round
        self.most = most
        super.init()
        round.came = { [weak self] in self?.take($0) }
    }

    override func ready(_ outlet: any AdminOutlet) {
        self.outlet = outlet
        if hasBegun { return round.next() }
        hasBegun = true
        outlet.send([UInt8(ascii: "["), UInt8(ascii: "\n")])
    }

    override func closed() {
        outlet = nil
    }

    private func take(_ chunk: LiveChunk) {
        guard let outlet else { return }
        if chunk.count > 0 {
            if count > 0 { outlet.send([UInt8(ascii: ","), UInt8(ascii: "\n")]) }
            outlet.send(chunk.rows)
            count += chunk.count
        }
        if round.isOver || count >= most {
            outlet.send(Array("\n]\n".utf8))
            outlet.end()
        } else if chunk.count == 0 {
            round.next()
        }
    }
}

/// Ends requests, and says how many.
final class LiveEnding: AdminStream {
    private let round: LiveRound
    private weak var outlet: (any AdminOutlet)?
    private var count = 0

    init(_ round: LiveRound) {
        self.round = round
        super.init()
        // Goes on to its end even if whoever asked for it has left.
        round.came = { self.take($0) }
    }

    override func ready(_ outlet: any AdminOutlet) {
        if self.outlet == nil { round.next() }
        self.outlet = outlet
    }

    private func take(_ chunk: LiveChunk) {
        count += chunk.count
        guard round.isOver else { return round.next() }
        round.came = nil
        outlet?.send(Array("{\"ended\":\(count)}\n".utf8))
        outlet?.end()
    }
}
