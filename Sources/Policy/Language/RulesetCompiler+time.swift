extension RulesetCompiler {
    /// `time:NAME`
    mutating func during(_ condition: PolicySyntax.Condition) -> Condition.Test? {
        var schedules: [Schedule] = []
        for value in condition.values {
            if let time = syntax.times[value.value] {
                use("time", value.value)
                schedules.append(Schedule(time.value.spans, zone: zone(time.value.zone) ?? .utc))
            } else {
                fail(value.value, isNone: "time", of: syntax.times.keys.sorted(), value.position)
            }
        }
        operands.schedules.append(schedules)
        return .during(operands.schedules.count - 1)
    }

    /// A day, the last on which the rule holds, as the machine's clock shows it.
    mutating func until(_ condition: PolicySyntax.Condition) -> Condition.Test? {
        guard condition.values.count == 1, !condition.isNegated, let date = CivilDate(condition.values[0].value) else {
            fail(
                "\"\(condition.values[0].value)\" is no day; the last on which the rule holds, as 2027-01-31, is allowed",
                condition.position)
            return nil
        }
        return .until(machineZone.start(ofDay: date.dayNumber + 1))
    }

    /// What is wrong with definitions whether or not a rule uses them.
    mutating func checkDefinitions() {
        for net in syntax.nets.values { _ = ranges(net.value) }
        for time in syntax.times.values { _ = zone(time.value.zone) }
    }

    // MARK: - Private

    private mutating func zone(_ name: Located<String>?) -> TimeZone? {
        guard let name else { return machineZone }
        if let zone = TimeZone(named: name.value) { return zone }
        fail("\"\(name.value)\" is no zone of this machine; one as Europe/Berlin, or UTC, is allowed", name.position)
        return nil
    }
}
