// Fetching the script from beside the program that a PXE stack has loaded.
#include "net/fetch/tftp.h"
#include "scripts/autoexec/autoexec.h"
#include "scripts/lexer.h"
#include "scripts/system.h"

namespace scripts {

using namespace std::string_view_literals;

namespace {

constexpr util::Duration kLinkPatience = util::Duration::seconds(20);  // the PXE stack had one a moment ago

// Where the program came from, with another name; an empty one when that is not known. Servers with Windows have backslashes.
util::Result<net::Uri> place_of_script(System& system) {
    net::Ipv4Address server = system.settings.address("cached/next-server"sv);
    util::String program = system.settings.text("cached/filename"sv);
    if (server.is_unspecified() || program.empty()) return net::Uri();
    std::size_t directory = program.view().find_last_of("/\\") + 1;  // npos + 1 is 0
    util::String file = TRY(util::String::from(program.view().substr(0, directory)));
    TRY(file.append(kAutoexec));
    return net::Uri::from_boot_file(server, file);
}

util::Result<void> open(System& system, Nic& nic) {
    TRY(nic.open());
    TRY(nic.port.open());
    system.network.prefer(nic);
    return system.loop.run_until([&] { return nic.interface.link_state().up; }, system.loop.now() + kLinkPatience);
}

}  // namespace

util::Result<Image*> find_beside_program(System& system) {
    if (system.network.nics().empty() || !system.network.is_cached(*system.network.nics()[0])) return nullptr;
    net::Uri uri = TRY(place_of_script(system));
    if (!uri.scheme_is("tftp")) return nullptr;
    net::MemorySink sink(kLargestAutoexec);
    auto fetched = open(system, *system.network.nics()[0]);
    if (fetched.ok()) fetched = net::fetch(system.fetch_context, uri, sink);
    if (fetched.ok() && !sink.bytes().empty() && !is_script(util::as_text(sink.bytes()))) fetched = kNotScript;
    std::string_view shown = uri.text();
    if (!fetched.ok()) {
        const util::Failure& failure = fetched.failure();
        if (&failure == &util::kCancelled) return failure;
        // Most servers have no such file, and nobody wants to be told.
        bool is_refusal = &failure == &net::kTftpNoFile || &failure == &net::kTftpDenied || &failure == &net::kTftpError;
        if (!is_refusal) util::print("%v: %s\n", &shown, failure.text);
        return nullptr;
    }
    if (sink.bytes().empty()) return nullptr;
    util::print("%v... ok\n", &shown);
    return system.images.add(kAutoexec, uri.text(), sink.take());
}

}  // namespace scripts
