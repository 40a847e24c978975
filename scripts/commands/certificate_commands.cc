// certstat, certstore, certfree: the certificates that HTTPS and signatures are checked with.
#include "scripts/commands/table.h"
#include "scripts/fetching.h"
#include "scripts/https.h"
#include "util/hash.h"

namespace scripts {

util::Result<void> run_certstat(Invocation& call) {
    Https& https = https_of(call.system);
    TRY(https.refresh());
    for (const net::StoredCertificate& each : https.store().certificates()) {
        if (call.has("subject") && !net::has_name(each.parsed, call.text("subject"))) continue;
        util::Hash hash(util::HashAlgorithm::Sha256);
        hash.update(each.parsed.der);
        util::Text<80> name;
        net::append_name(name, each.parsed.subject);
        util::String fingerprint;
        TRY(format_setting(SettingType::HexRaw, util::as_text(hash.digest()), fingerprint));
        std::string_view shown = fingerprint.view();
        util::print("%t : %v%s%s\n", name.self(), &shown, https.store().is_trusted(each.parsed) ? " [TRUSTED]" : "",
                    each.trust == net::Trust::BuiltIn ? " [PERMANENT]" : " [EXPLICIT]");
    }
    return {};
}

// What was fetched for it goes again; an image that was there stays.
util::Result<void> run_certstore(Invocation& call) {
    System& system = call.system;
    std::string_view argument = call.arguments[0];
    call.about(argument);
    Image* image = system.images.find(argument);
    bool was_there = image != nullptr;
    if (!was_there) image = TRY(fetch_image(system, argument, {}));
    auto status = https_of(system).store().add(image->bytes(), call.has("trust") ? net::Trust::Trusted : net::Trust::Stored, call.text("subject"));
    if (!was_there && !call.has("keep")) system.images.free(*image);
    return status;
}

util::Result<void> run_certfree(Invocation& call) {
    https_of(call.system).store().remove(call.text("subject"));
    return {};
}

}  // namespace scripts
