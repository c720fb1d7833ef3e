import Foundation
import FoveaHTTP
import HTTPTypes
import Testing

@testable import FoveaServing

/// `format=npy`. `scripts/check-numpy` has NumPy itself read what a server sends.
@Suite struct NumPyAnswerTests {
    private func send(_ query: String, type: String? = nil, body: [UInt8]) async throws -> ServerResponse {
        let server = try ServingHarness()
        var head = HTTPRequest(method: .post, scheme: "http", authority: "localhost", path: "/classify\(query)")
        head.headerFields[.contentType] = type
        return await server.server.handler.respond(to: ServerRequest(head: head, body: body, id: "1"))
    }

    private let picture: [UInt8]

    init() throws { picture = try TestPictures.grey(255) }

    /// The header's text, the shape in it and the numbers; checks everything that the format asks for.
    private func read(_ bytes: ArraySlice<UInt8>) throws -> (header: String, values: [Float]) {
        let bytes = Array(bytes)
        #expect(bytes.prefix(8) == [0x93, 0x4E, 0x55, 0x4D, 0x50, 0x59, 1, 0])
        let length = Int(bytes[8]) | Int(bytes[9]) << 8
        #expect((10 + length) % 64 == 0)
        let header = String(decoding: bytes[10..<10 + length], as: UTF8.self)
        #expect(header.hasSuffix("\n"))
        let data = bytes[(10 + length)...]
        #expect(data.count % 4 == 0)
        let values = stride(from: data.startIndex, to: data.endIndex, by: 4).map { place in
            Float(bitPattern: (0..<4).reduce(UInt32(0)) { $0 | UInt32(data[place + $1]) << UInt32(8 * $1) })
        }
        return (header.trimmingCharacters(in: .whitespacesAndNewlines), values)
    }

    @Test func oneMapIsAnArray() async throws {
        let response = try await send("?format=npy&layers=features.9&map_size=0", body: picture)
        #expect(response.head.status == .ok)
        #expect(response.head.headerFields[.contentType] == "application/octet-stream")
        #expect(response.head.headerFields[.contentDisposition] == "attachment; filename=\"features.9.spatial.npy\"")
        let (header, values) = try read(response.body[...])
        #expect(header == "{'descr': '<f4', 'fortran_order': False, 'shape': (64, 32), }")
        #expect(values == (0..<64).flatMap { [Float](repeating: Float($0), count: 32) })
    }

    @Test func aVectorsShapeIsATuple() throws {
        #expect(try read(NPYFile.bytes([1, 2, 3], shape: [3])[...]).header.contains("'shape': (3,)"))
        #expect(try read(NPYFile.bytes([1], shape: [])[...]).header.contains("'shape': ()"))
        #expect(try read(NPYFile.bytes([.nan, -.infinity], shape: [1, 2])[...]).values.map(\.isNaN) == [true, false])
    }

    @Test func severalMapsAreAnArchive() async throws {
        let response = try await send("?format=npy", body: picture)
        #expect(response.head.headerFields[.contentDisposition] == "attachment; filename=\"maps.npz\"")
        let body = response.body
        #expect(body.prefix(4) == [0x50, 0x4B, 3, 4])
        // The end of the central directory: how many files, how long it is and where it begins.
        let end = body.count - 22
        func number(_ place: Int, _ size: Int) -> Int { (0..<size).reduce(0) { $0 | Int(body[place + $1]) << (8 * $1) } }
        #expect(number(end, 4) == 0x0605_4B50 && number(end + 10, 2) == 3)
        var place = number(end + 16, 4)
        #expect(place + number(end + 12, 4) == end)
        var names: [String] = []
        for _ in 0..<3 {
            #expect(number(place, 4) == 0x0201_4B50)
            let (size, length, file) = (number(place + 24, 4), number(place + 28, 2), number(place + 42, 4))
            names.append(String(decoding: body[place + 46..<place + 46 + length], as: UTF8.self))
            #expect(number(file, 4) == 0x0403_4B50 && number(file + 14, 4) == number(place + 16, 4))
            let content = body[file + 30 + length..<file + 30 + length + size]
            #expect(try read(content).values.count == [3, 16, 512][names.count - 1])
            place += 46 + length
        }
        #expect(names == ["features.4/channel.npy", "features.4/spatial.npy", "features.9/spatial.npy"])
    }

    @Test func explanationsAreArraysToo() async throws {
        let alone = try await send("?format=npy&attention=none&explain=cam&class=2", body: picture)
        #expect(alone.head.headerFields[.contentDisposition] == "attachment; filename=\"features.12.cam.2.npy\"")
        #expect(try read(alone.body[...]).values.count == 16)
        let beside = try await send("?format=npy&layers=features.9&explain=cam&class=2", body: picture)
        let text = String(decoding: beside.body, as: Unicode.ASCII.self)
        #expect(text.contains("features.9/spatial.npy") && text.contains("features.12/cam.2.npy"))
    }

    @Test(arguments: [("?format=npy&attention=summary", "'attention' is 'summary'"), ("?format=npy&attention=none", "nothing is left")])
    func whatThereIsNoFileForIs400(_ query: String, _ named: String) async throws {
        let response = try await send(query, body: picture)
        #expect(response.head.status.code == 400 && String(decoding: response.body, as: UTF8.self).contains(named))
    }

    @Test func severalPicturesAre400() async throws {
        let base64 = Data(picture).base64EncodedString()
        let response = try await send(
            "", type: "application/json", body: Array(#"{"images":["\#(base64)","\#(base64)"],"format":"npy"}"#.utf8))
        #expect(response.head.status.code == 400 && String(decoding: response.body, as: UTF8.self).contains("2. Send them one by one"))
    }
}
