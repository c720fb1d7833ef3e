import FoveaCompute

/// A plan running over the pictures of one pass.
struct PlanRun {
    let plan: Plan
    let arenas: UnsafeMutablePointer<Float>
    /// For each place, a picture's position among those of the pass and its arena, whether it was given up.
    let givenUp: UnsafeMutablePointer<Bool>
    let inputs: [SessionInput]
    /// The pictures of this pass among all inputs.
    let range: Range<Int>
    /// One for each of all inputs; threads write those of different pictures at the same time.
    let outputs: UnsafeMutableBufferPointer<SessionOutput>
    let isWanted: ((Int) -> Bool)?

    func run(_ lane: Lane, threads: Int) {
        let places = Array(0..<range.count)
        for place in places {
            givenUp[place] = false
            inputs[range.lowerBound + place].values.withUnsafeBufferPointer { values in
                guard let base = values.baseAddress else { return }
                (arena(place) + plan.input).update(from: base, count: values.count)
            }
        }
        copy(plan.inputTaps, places)
        for stretch in plan.stretches {
            if stretch.isTogether || places.count == 1 {
                run(stretch.steps, places, lane)
            } else {
                runApart(stretch.steps, places, lane, threads: threads)
            }
        }
        for place in places where !givenUp[place] {
            let logits = UnsafeBufferPointer(start: arena(place) + plan.output, count: plan.numClasses)
            outputs[range.lowerBound + place].logits = Array(logits)
        }
    }

    /// As many pictures at a time as there are threads, each on its own; those left over one after the other, on all threads.
    private func runApart(_ steps: Range<Int>, _ places: [Int], _ lane: Lane, threads: Int) {
        let whole = places.count - places.count % threads
        lane.forEach(whole) { place, scratch in
            run(steps, [places[place]], Lane(team: nil, limit: 1, scratch: scratch, scratchCount: 0))
        }
        for place in places[whole...] { run(steps, [place], lane) }
    }

    private func run(_ steps: Range<Int>, _ places: [Int], _ lane: Lane) {
        var alive = places.filter { !givenUp[$0] }
        for index in steps {
            let step = plan.steps[index]
            if let isWanted {
                for place in alive where !isWanted(range.lowerBound + place) {
                    givenUp[place] = true
                    outputs[range.lowerBound + place] = SessionOutput(logits: [], maps: [])
                }
                alive.removeAll { givenUp[$0] }
            }
            if let taps = step.onlyForTaps {
                let readers = alive.filter { inputs[range.lowerBound + $0].taps.contains(where: taps.contains) }
                run(step, readers, lane)
                copy(step.taps, readers)
            } else {
                run(step, alive, lane)
                copy(step.taps, alive)
            }
            save(index, alive)
        }
    }

    private func run(_ step: Step, _ places: [Int], _ lane: Lane) {
        guard !places.isEmpty else { return }
        places.withUnsafeBufferPointer { places in
            let pass = Pass(lane: lane, arenas: arenas, stride: plan.arenaCount, pictures: places, constants: plan.constants.pointer)
            switch step.kernel {
            case .map(let kernel): step.run(kernel, plan.kernels, pass)
            case .rowMajor(let kernel): step.run(kernel, pass)
            }
        }
    }

    private func copy(_ taps: [Int], _ places: [Int]) {
        for tap in taps {
            let source = plan.tapPlaces[tap]
            for place in places {
                let picture = range.lowerBound + place
                for (index, asked) in inputs[picture].taps.enumerated() where asked == tap {
                    outputs[picture].maps[index] = Array(UnsafeBufferPointer(start: arena(place) + source.offset, count: source.count))
                }
            }
        }
    }

    /// Copies out what explanations are made of, for the pictures that ask for some.
    private func save(_ step: Int, _ places: [Int]) {
        guard let explanation = plan.explanation, let saves = explanation.savesOfSteps[step] else { return }
        for place in places {
            let picture = range.lowerBound + place
            guard let request = inputs[picture].explanation else { continue }
            for index in saves where request.layers.contains(where: { explanation.targets[$0].saves.contains(index) }) {
                outputs[picture].saved[explanation.saves[index].node] = explanation.saves[index].read(arena(place))
            }
        }
    }

    private func arena(_ place: Int) -> UnsafeMutablePointer<Float> { arenas + place * plan.arenaCount }
}
