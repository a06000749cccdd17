/// A figure that Sallyport is to reach, and how a report shows whether it does.
struct Target: Sendable {
    let text: String
    let judge: @Sendable (Report) -> Verdict

    enum Verdict: Sendable {
        case met(String)
        case missed(String)
        /// Not measured, and why.
        case unknown(String)

        var isMissed: Bool { if case .missed = self { true } else { false } }
    }

    // MARK: - Making

    /// Sallyport's cost as a multiple of another's, whichever way of speaking to Sallyport is the dearest.
    static func ratio(_ sections: [String], to peer: String, atMost limit: Double, _ text: String) -> Target {
        Target(text: "\(text) ≤ \(Figure.fixed(limit, digits: 2)) × \(peer)") { report in
            worst(sections, in: report, limit) { section throws(Gap) in
                try section.ownCost() / section.leastCost(of: [peer])
            }
        }
    }

    /// Sallyport's cost as a multiple of the best of some others.
    static func ratio(_ sections: [String], toBestOf peers: [String], atMost limit: Double, _ text: String) -> Target {
        Target(text: "\(text) ≤ \(Figure.fixed(limit, digits: 2)) × the best other proxy") { report in
            worst(sections, in: report, limit) { section throws(Gap) in
                try section.ownCost() / section.leastCost(of: peers)
            }
        }
    }

    /// A figure of Sallyport's in one section.
    static func figure(
        _ section: String, _ figure: @escaping @Sendable (Row) -> Double?, atMost limit: Double,
        _ text: String, show: @escaping @Sendable (Double) -> String
    ) -> Target {
        Target(text: "\(text) ≤ \(show(limit))") { report in
            guard let section = report.section(section) else { return .unknown("not measured in this run") }
            let rows = section.rows(of: Contender.sallyport.name)
            if let failure = rows.lazy.compactMap(\.failure).first { return .missed("failed: \(failure)") }
            guard let worst = rows.compactMap(figure).max() else { return .unknown("not measured in this run") }
            return worst <= limit ? .met(show(worst)) : .missed(show(worst))
        }
    }

    // MARK: - Private

    /// The worst section decides; each that was measured is shown.
    private static func worst(
        _ names: [String], in report: Report, _ limit: Double, _ ratio: (Section) throws(Gap) -> Double
    ) -> Verdict {
        var shown: [String] = []
        var gaps: [String] = []
        var isMet = true
        for name in names {
            do throws(Gap) {
                guard let section = report.section(name) else { throw Gap(why: "not measured in this run") }
                let value = try ratio(section)
                shown.append(
                    names.count > 1 ? "\(name) \(Figure.fixed(value, digits: 2))" : Figure.fixed(value, digits: 2))
                if value > limit { isMet = false }
            } catch {
                gaps.append(names.count > 1 ? "\(name): \(error.why)" : error.why)
            }
        }
        if shown.isEmpty { return .unknown(gaps.first ?? "not measured in this run") }
        let text = (shown + (gaps.isEmpty ? [] : ["\(gaps.count) not measured"])).joined(separator: ", ")
        return isMet ? .met(text) : .missed(text)
    }

    /// Why there is no figure.
    fileprivate struct Gap: Error {
        let why: String
    }
}

extension Section {
    /// Sallyport's cost, the dearest of its rows.
    fileprivate func ownCost() throws(Target.Gap) -> Double {
        if let reason = skipped.first(where: { $0.contender == Contender.sallyport.name })?.reason {
            throw Target.Gap(why: reason)
        }
        guard let cost = rows(of: Contender.sallyport.name).compactMap(\.cost).max() else {
            throw Target.Gap(why: "Sallyport was not measured")
        }
        return cost
    }

    fileprivate func leastCost(of peers: [String]) throws(Target.Gap) -> Double {
        let costs = peers.flatMap { rows(of: $0) }.filter { $0.failure == nil }.compactMap(\.cost)
        guard let least = costs.min(), least > 0 else {
            throw Target.Gap(why: "\(peers.joined(separator: ", ")) not measured")
        }
        return least
    }
}
