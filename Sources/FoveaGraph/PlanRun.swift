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
        let places = 0..<range.count
        for place in places {
            givenUp[place] = false
            inputs[range.lowerBound + place].values.withUnsafeBufferPointer { values in
                guard let base = values.baseAddress else { return }
                (arena(place) + plan.input).update(from: base, count: values.count)
            }
        }
        for tap in plan.inputTaps { for place in places { copy(tap, place) } }
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
    private func runApart(_ steps: Range<Int>, _ places: Range<Int>, _ lane: Lane, threads: Int) {
        let whole = places.count - places.count % threads
        lane.forEach(whole) { place, scratch in
            run(steps, place..<place + 1, Lane(team: nil, limit: 1, scratch: scratch, scratchCount: 0))
        }
        for place in whole..<places.count { run(steps, place..<place + 1, lane) }
    }

    private func run(_ steps: Range<Int>, _ places: Range<Int>, _ lane: Lane) {
        withUnsafeTemporaryAllocation(of: Int.self, capacity: 2 * Pass.mostPictures) { memory in
            guard let base = memory.baseAddress else { return }
            var (alive, readers) = (PlaceList(base), PlaceList(base + Pass.mostPictures))
            alive.fill(with: places) { !givenUp[$0] }
            for index in steps {
                giveUp(&alive)
                let step = plan.steps[index]
                if let taps = step.onlyForTaps {
                    readers.fill(with: alive) { place in
                        inputs[range.lowerBound + place].taps.contains { taps.contains($0) }
                    }
                    run(step, readers.all, lane)
                } else {
                    run(step, alive.all, lane)
                }
                save(index, alive.all)
            }
        }
    }

    /// Drops the pictures that are no longer wanted.
    private func giveUp(_ alive: inout PlaceList) {
        guard let isWanted else { return }
        for place in alive.all where !isWanted(range.lowerBound + place) {
            givenUp[place] = true
            outputs[range.lowerBound + place] = SessionOutput(logits: [], maps: [])
        }
        alive.keep { !givenUp[$0] }
    }

    private func run(_ step: Step, _ places: UnsafeBufferPointer<Int>, _ lane: Lane) {
        guard !places.isEmpty else { return }
        let pass = Pass(lane: lane, arenas: arenas, stride: plan.arenaCount, pictures: places, constants: plan.constants.pointer)
        switch step.kernel {
        case .map(let kernel): step.run(kernel, plan.kernels, pass)
        case .rowMajor(let kernel): step.run(kernel, pass)
        }
        for tap in step.taps { for place in places { copy(tap, place) } }
    }

    /// Copies a map out, if the picture asks for it.
    private func copy(_ tap: Int, _ place: Int) {
        let (picture, source) = (range.lowerBound + place, plan.tapPlaces[tap])
        for (index, asked) in inputs[picture].taps.enumerated() where asked == tap {
            outputs[picture].maps[index] = Array(UnsafeBufferPointer(start: arena(place) + source.offset, count: source.count))
        }
    }

    /// Copies out what explanations are made of, for the pictures that ask for some.
    private func save(_ step: Int, _ places: UnsafeBufferPointer<Int>) {
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
