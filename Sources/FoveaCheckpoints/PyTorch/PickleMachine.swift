/// Reads a pickle as data: it builds a description of what the pickle would make, and never calls, imports or looks up anything.
///
/// Source: CPython's `Lib/pickletools.py`, which describes every opcode. The opcodes of protocols 2 to 5 that make data are there; those that
/// only call (INST, OBJ, the extension registry) and the textual ones of protocol 0 are refused. A call, and what is done to the object that it
/// would make, stays a note; so a training script's own objects cost nothing, and ``TorchGlobals`` refuses the names that no script saves.
/// Time and memory are bounded by the number of steps, by what a step can make (``maximumText``) and by the pickle's own length.
struct PickleMachine {
    static let maximumSize = 32 << 20
    static let maximumSteps = 1_000_000
    /// The bytes of a text that is looked at, or of a name with its module. A few bytes of a pickle repeat a text that stands in it once: were those of
    /// any length, every name made of them, and every search under such a key, would cost it anew.
    static let maximumText = 512

    private(set) var nodes: [PickleNode] = []
    /// The first name that is neither of tensors nor of plain data.
    private(set) var stranger: String?
    private var reader: ByteReader
    private let file: String
    private var stack: [PickleValue] = []
    /// Heights of the stack where a MARK was set.
    private var marks: [Int] = []
    private var memo: [Int: PickleValue] = [:]
    /// Values copied by other means than a step for each; without a bound, one long list could be copied at every step.
    private var copies = 0

    /// - Parameter file: the file's name, for messages.
    init(_ bytes: [UInt8], file: String) {
        reader = ByteReader(bytes)
        self.file = file
    }

    func fault(_ what: String) -> CheckpointError {
        CheckpointError("\(quoted(file)): its pickle is malformed at byte \(reader.position): \(what). Nothing of it was run.")
    }

    /// The value that the pickle describes.
    mutating func run() throws(CheckpointError) -> PickleValue {
        guard reader.remaining <= Self.maximumSize else {
            throw CheckpointError("\(quoted(file)): its pickle has \(reader.remaining) bytes; at most \(Self.maximumSize) are read.")
        }
        for _ in 0..<Self.maximumSteps {
            guard let opcode = reader.byte() else { throw fault("it ends without a STOP") }
            if opcode == UInt8(ascii: ".") {
                guard stack.count == 1, marks.isEmpty, let value = stack.first else {
                    throw fault("it stops with \(stack.count) values at hand")
                }
                return value
            }
            try step(opcode)
        }
        throw CheckpointError("\(quoted(file)): its pickle has more than \(Self.maximumSteps) steps, more than any state dict needs.")
    }

    private mutating func step(_ opcode: UInt8) throws(CheckpointError) {
        switch opcode {
        case 0x80:  // PROTO
            guard let version = reader.byte(), (2...5).contains(version) else { throw fault("a pickle protocol other than 2 to 5") }
        case 0x95: _ = try need(reader.take(8))  // FRAME: a hint for buffering
        case UInt8(ascii: "("): marks.append(stack.count)
        case UInt8(ascii: "0"): _ = try pop()
        case UInt8(ascii: "1"): _ = try popToMark()
        case UInt8(ascii: "2"): stack.append(try top())
        case UInt8(ascii: "N"): stack.append(.none)
        case 0x88: stack.append(.bool(true))
        case 0x89: stack.append(.bool(false))
        case UInt8(ascii: "K"): stack.append(.int(try need(reader.int(1))))
        case UInt8(ascii: "M"): stack.append(.int(try need(reader.int(2))))
        case UInt8(ascii: "J"): stack.append(.int(Int(Int32(truncatingIfNeeded: try need(reader.number(4))))))
        case UInt8(ascii: "G"):  // the only big-endian number
            stack.append(.float(Double(bitPattern: try need(reader.number(8)).byteSwapped)))
        case 0x8A: try pushLong(lengthBytes: 1)
        case 0x8B: try pushLong(lengthBytes: 4)
        case 0x8C: try pushText(lengthBytes: 1)
        case UInt8(ascii: "X"): try pushText(lengthBytes: 4)
        case 0x8D: try pushText(lengthBytes: 8)
        case UInt8(ascii: "U"): try pushText(lengthBytes: 1)
        case UInt8(ascii: "T"): try pushText(lengthBytes: 4)
        case UInt8(ascii: "C"): try pushBytes(lengthBytes: 1)
        case UInt8(ascii: "B"): try pushBytes(lengthBytes: 4)
        case 0x8E, 0x96: try pushBytes(lengthBytes: 8)
        case UInt8(ascii: ")"): push(.tuple, [])
        case 0x85: push(.tuple, [try pop()])
        case 0x86:
            let second = try pop()
            push(.tuple, [try pop(), second])
        case 0x87:
            let third = try pop()
            let second = try pop()
            push(.tuple, [try pop(), second, third])
        case UInt8(ascii: "t"): push(.tuple, try popToMark())
        case UInt8(ascii: "]"): push(.list, [])
        case UInt8(ascii: "l"): push(.list, try popToMark())
        case UInt8(ascii: "}"): push(.dictionary, [])
        case UInt8(ascii: "d"): push(.dictionary, try pairs(popToMark()))
        case 0x8F: push(.set, [])
        case 0x91: push(.set, try popToMark())
        case UInt8(ascii: "a"):
            let item = try pop()
            try extend([item], "APPEND")
        case UInt8(ascii: "e"): try extend(popToMark(), "APPENDS")
        case 0x90: try extend(popToMark(), "ADDITEMS")
        case UInt8(ascii: "s"):
            let value = try pop()
            try setItems([try pop(), value])
        case UInt8(ascii: "u"): try setItems(pairs(popToMark()))
        case UInt8(ascii: "q"): memo[try need(reader.int(1))] = try top()
        case UInt8(ascii: "r"): memo[try need(reader.int(4))] = try top()
        case 0x94: memo[memo.count] = try top()
        case UInt8(ascii: "h"): try recall(need(reader.int(1)))
        case UInt8(ascii: "j"): try recall(need(reader.int(4)))
        case UInt8(ascii: "c"):
            guard let module = reader.line(limit: Self.maximumText), let name = reader.line(limit: Self.maximumText) else {
                throw fault("a name that does not end within \(Self.maximumText) bytes")
            }
            try pushGlobal(String(decoding: module, as: UTF8.self), String(decoding: name, as: UTF8.self))
        case 0x93:
            guard case .string(let name) = try pop(), case .string(let module) = try pop() else {
                throw fault("a name that is no short text")
            }
            try pushGlobal(module, name)
        case UInt8(ascii: "Q"): push(.persistent, [try pop()])
        case UInt8(ascii: "R"), 0x81:  // REDUCE, NEWOBJ
            let arguments = try pop()
            try pushCall(pop(), arguments)
        case 0x92:  // NEWOBJ_EX
            _ = try pop()
            let arguments = try pop()
            try pushCall(pop(), arguments)
        case UInt8(ascii: "b"):
            // BUILD sets attributes (a state dict's `_metadata`); weights are not among them.
            _ = try pop()
            guard case .node = try top() else { throw fault("attributes for something that has none") }
        default:
            throw fault("the opcode 0x\(String(opcode, radix: 16)), which torch.save does not write")
        }
    }

    // MARK: The stack

    private func need<Value>(_ value: Value?) throws(CheckpointError) -> Value {
        guard let value else { throw fault("a value longer than what is left of the pickle") }
        return value
    }

    private func top() throws(CheckpointError) -> PickleValue {
        guard let value = stack.last, stack.count > marks.last ?? 0 else { throw fault("a step that needs a value where there is none") }
        return value
    }

    private mutating func pop() throws(CheckpointError) -> PickleValue {
        let value = try top()
        stack.removeLast()
        return value
    }

    private mutating func popToMark() throws(CheckpointError) -> [PickleValue] {
        guard let mark = marks.popLast() else { throw fault("a step that needs a mark where there is none") }
        let items = Array(stack[mark...])
        stack.removeSubrange(mark...)
        return items
    }

    private mutating func push(_ kind: PickleNode.Kind, _ items: [PickleValue]) {
        stack.append(.node(nodes.count))
        nodes.append(PickleNode(kind: kind, items: items))
    }

    private mutating func recall(_ index: Int) throws(CheckpointError) {
        guard let value = memo[index] else { throw fault("the memo's entry \(index), which was never made") }
        stack.append(value)
    }

    // MARK: Values

    /// Long texts stand beside weights, as descriptions and logs; none is a tensor's name.
    private mutating func pushText(lengthBytes: Int) throws(CheckpointError) {
        let text = try need(reader.take(need(reader.int(lengthBytes))))
        guard text.count <= Self.maximumText else { return stack.append(.opaque) }
        guard let string = String(validating: text, as: UTF8.self) else { throw fault("text that is not UTF-8") }
        stack.append(.string(string))
    }

    private mutating func pushBytes(lengthBytes: Int) throws(CheckpointError) {
        _ = try need(reader.take(need(reader.int(lengthBytes))))
        stack.append(.opaque)
    }

    /// A whole number of any length in two's complement, little-endian.
    private mutating func pushLong(lengthBytes: Int) throws(CheckpointError) {
        let digits = try need(reader.take(need(reader.int(lengthBytes))))
        guard digits.count <= 8 else { return stack.append(.opaque) }
        let fill: UInt64 = (digits.last ?? 0) & 0x80 == 0 ? 0 : .max
        let value = digits.reversed().reduce(fill) { $0 << 8 | UInt64($1) }
        stack.append(.int(Int(Int64(bitPattern: value))))
    }

    private mutating func pushGlobal(_ module: String, _ name: String) throws(CheckpointError) {
        let full = "\(module).\(name)"
        guard full.utf8.count <= Self.maximumText else { throw fault("a name of more than \(Self.maximumText) bytes") }
        try TorchGlobals.check(full, file: file)
        if stranger == nil, !TorchGlobals.isKnown(full) { stranger = full }
        stack.append(.global(full))
    }

    private mutating func pushCall(_ callable: PickleValue, _ arguments: PickleValue) throws(CheckpointError) {
        let name: String
        switch callable {
        case .global(let global): name = global
        // What a call gave may be called in turn: protocol 2 finds a nested class by getattr.
        case .node(let index) where nodes[index].kind == .call: name = ""
        default: throw fault("a call of something that is not a named function")
        }
        guard case .node(let tuple) = arguments, case .tuple = nodes[tuple].kind else {
            throw fault("a call\(name.isEmpty ? "" : " of \(quoted(name))") without its arguments")
        }
        if name == "collections.OrderedDict" || name == "collections.defaultdict" {
            // Filled by SETITEMS; Python 2 gave the pairs as an argument instead.
            var items: [PickleValue] = []
            if case .node(let list)? = nodes[tuple].items.first, case .list = nodes[list].kind {
                copies += nodes[list].items.count
                guard copies <= Self.maximumSteps else { throw fault("the same list is copied again and again") }
                for case .node(let pair) in nodes[list].items where nodes[pair].items.count == 2 { items += nodes[pair].items }
            }
            push(.dictionary, items)
        } else {
            push(.call, [callable, arguments])
        }
    }

    private func pairs(_ items: [PickleValue]) throws(CheckpointError) -> [PickleValue] {
        guard items.count.isMultiple(of: 2) else { throw fault("a key without a value") }
        return items
    }

    private mutating func extend(_ items: [PickleValue], _ opcode: String) throws(CheckpointError) {
        guard case .node(let target) = try top() else { throw fault("\(opcode) to something that is no list") }
        switch nodes[target].kind {
        case .list, .set: nodes[target].items += items
        case .call: break
        default: throw fault("\(opcode) to something that is no list")
        }
    }

    private mutating func setItems(_ items: [PickleValue]) throws(CheckpointError) {
        guard case .node(let target) = try top() else { throw fault("a key for something that is no dictionary") }
        switch nodes[target].kind {
        case .dictionary: nodes[target].items += items
        case .call: break
        default: throw fault("a key for something that is no dictionary")
        }
    }
}
