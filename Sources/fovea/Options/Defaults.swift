import FoveaHTTP
import FoveaServing
import Logging

/// What holds where neither a flag nor the environment says otherwise: `--help` tells it, and ``ServeSettings`` begins with it.
enum Defaults {
    /// The folder of the models, beside where the command runs.
    static let folder = "weights"
    static let logFormat = LogFormat.text
    static let logLevel = Logger.Level.info
    /// All else. Folders and threads in it stand for nothing.
    static let server = FoveaServer.Options(folders: [], threads: 1)

    static var service: ClassificationService.Options { server.service }
    static var http: HTTPServerConfiguration { server.http }

    /// A duration as an option of seconds takes it.
    static func seconds(_ duration: Duration) -> String { told(duration / .seconds(1)) }

    /// A duration as an option of milliseconds takes it.
    static func milliseconds(_ duration: Duration?) -> String { told((duration ?? .zero) / .milliseconds(1)) }

    private static func told(_ number: Double) -> String { number == number.rounded() ? "\(Int(number))" : "\(number)" }
}
