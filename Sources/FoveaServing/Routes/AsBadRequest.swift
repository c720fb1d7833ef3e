import FoveaJSON

/// Runs what reads a request's JSON; what is wrong with that is the client's to mend.
func asBadRequest<Value>(_ read: () throws(JSONFault) -> Value) throws(ClassificationError) -> Value {
    do throws(JSONFault) {
        return try read()
    } catch {
        throw .badRequest("The JSON is wrong at byte \(error.position): \(error.reason).")
    }
}
