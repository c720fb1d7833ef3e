import Foundation
import FoveaZoo

extension JSONValue {
    /// Reads a whole JSON text.
    /// - Throws: what is wrong with it, and where as far as Foundation tells.
    static func parse(_ bytes: [UInt8]) throws(ClassificationError) -> JSONValue {
        do {
            return try JSONDecoder().decode(JSONValue.self, from: Data(bytes))
        } catch DecodingError.dataCorrupted(let context) {
            let reason = (context.underlyingError as? NSError)?.userInfo[NSDebugDescriptionErrorKey] as? String
            throw .badRequest("The body is not valid JSON: \(reason ?? context.debugDescription)")
        } catch {
            throw .badRequest("The body is not valid JSON.")
        }
    }
}
