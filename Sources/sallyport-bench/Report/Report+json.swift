extension Report {
    /// All figures of all rounds.
    var json: String {
        var json = JSONText()
        json.object { json in
            json.object("machine") { json in
                json.member("cores", machine.cores)
                json.member("processor", machine.processor)
                json.member("kernel", machine.kernel)
                json.member("congestion_control", machine.congestionControl)
                json.member("load_average", machine.loadAverage)
                json.member("command", machine.command)
                json.member("rounds", machine.rounds)
                json.member("seconds", machine.seconds)
            }
            json.object("versions") { json in
                for (contender, version) in versions { json.member(contender, version) }
            }
            json.array("absent") { json in for name in absent { json.element(name) } }
            json.object("skipped") { json in
                for (workload, reason) in skipped { json.member(workload, reason) }
            }
            json.array("sections") { json in for section in sections { section.write(to: &json) } }
        }
        return json.text + "\n"
    }
}

extension Section {
    fileprivate func write(to json: inout JSONText) {
        json.object { json in
            json.member("name", name)
            json.member("title", title)
            if let rate = units.rate { json.member("rate_unit", rate) }
            if let cost = units.cost { json.member("cost_unit", cost) }
            json.array("rows") { json in for row in rows { row.write(to: &json) } }
            json.object("skipped") { json in
                for (contender, reason) in skipped { json.member(contender, reason) }
            }
        }
    }
}

extension Row {
    fileprivate func write(to json: inout JSONText) {
        json.object { json in
            json.member("contender", contender)
            json.member("variant", variant)
            if let failure { json.member("failure", failure) }
            if let firstError { json.member("first_error", firstError) }
            json.array("rounds") { json in
                for sample in samples {
                    json.object { json in
                        json.member("rate", sample.rate)
                        json.member("cost", sample.cost)
                        json.member("load_cost", sample.loadCost)
                        json.member("p50_seconds", sample.median)
                        json.member("p99_seconds", sample.percentile99)
                        json.member("longest_seconds", sample.longest)
                        json.member("memory_bytes", sample.memory)
                        json.member("errors", sample.errors)
                    }
                }
            }
        }
    }
}
