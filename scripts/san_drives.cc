#include "scripts/san_drives.h"

#include <platform/boot.h>

#include "scripts/completion.h"
#include "scripts/fetching.h"
#include "scripts/san_schemes.h"
#include "scripts/system.h"

namespace scripts {

using namespace std::string_view_literals;

// What ACLs of existing installations name: the host's name, else its UUID, behind the established firmware's
// prefix.
static constexpr std::string_view kIqnPrefix = "iqn.2010-04.org.ipxe:";

san::IscsiName SanDrives::initiator_name() {
    san::IscsiName name;
    name.text(system_.settings.text("initiator-iqn"sv).view());
    if (!name.view().empty()) return name;
    util::String host = system_.settings.text("hostname"sv);
    if (host.empty()) host = system_.settings.text("uuid"sv);
    // A name there must be, and nothing else is unique.
    if (host.empty()) host = system_.settings.text("mac:hexhyp"sv);
    name.text(kIqnPrefix);
    for (char c : host.view())
        name.character(util::to_lower(c));  // RFC 3722: names are compared in lower case
    return name;
}

// The interface that leads to the target, for the EDD device path and the iBFT.
net::Interface* SanDrives::interface_to(net::Ipv4Address target) {
    auto route = system_.parts.stack.route(target);
    return route.ok() ? route.value().interface : nullptr;
}

util::Result<void> SanDrives::open(std::uint8_t number, std::string_view uri, Describe describe) {
    util::String absolute;
    if (!net::uri_scheme_length(uri)) {
        TRY(absolute.append(TRY(resolve_uri(system_, uri)).text()));
        uri = absolute.view();
    }
    const SanScheme* scheme = find_san_scheme(uri);
    if (!scheme) return kNotSanUri;
    auto diagnosis = TRY(util::make_owned<san::Diagnosis>());
    auto opening = scheme->open(system_, number, uri, *diagnosis);
    if (!opening.ok()) {
        std::string_view what = diagnosis->what.view(), hint = diagnosis->hint.view();
        if (!what.empty()) util::print("  %s: %v\n", diagnosis->stage, &what);
        if (!hint.empty()) util::print("  %v\n", &hint);
        return opening.failure();
    }
    SanOpened& opened = opening.value();
    Hooked hooked{number, describe, opened.device.get(), opened.iscsi, interface_to(opened.server),
                  std::move(opened.resolver)};
    san::DrivePath path;
    path.lun = opened.lun;
    if (hooked.interface && hooked.interface->link().identity().has_pci_address)
        path.nic = hooked.interface->link().identity().busdevfn;
    TRY(system_.parts.drives.attach(number, std::move(opened.device), path));
    if (auto kept = hooked_.push(std::move(hooked)); !kept.ok()) {
        system_.parts.drives.detach(number);
        return kept;
    }
    remember_uri(system_, uri);
    return {};
}

// A drive without an iBFT still boots what needs none (DOS, or a system that knows its target).
void SanDrives::publish() {
    platform::publish_drives(system_.parts.drives);
    auto described = publish_ibft(system_);
    if (!described.ok())
        util::print("Warning: no iBFT for the operating system: %s\n", described.failure().text);
}

util::Result<void> SanDrives::hook(std::uint8_t number, std::span<const std::string_view> uris,
                                   Describe describe) {
    util::Result<void> result = kNoSanUri;
    system_.network.refresh_dns();
    if (system_.parts.drives.find(number)) TRY(unhook(number));
    bool as_paths = takes_as_paths(uris);
    for (std::string_view uri : uris) {
        if (uri.empty()) continue;
        result = as_paths ? open_as_paths(system_, number, uris, describe) : open(number, uri, describe);
        if (result.ok()) {
            if (!has_multipath() && uris.size() > 1) util::print("One path in this image: it was built without the feature multipath\n");
            util::print("Registered as BIOS drive 0x%02x\n", number);
            publish();
            return {};
        }
        if (as_paths || &result.failure() == &util::kCancelled) break;
        if (uris.size() == 1) continue;
        std::string_view shown = uri.substr(uri.rfind('@') + 1);  // without a password
        util::print("  %v: %s\n", &shown, result.failure().text);
    }
    return result;
}

util::Result<void> SanDrives::unhook(std::uint8_t number) {
    if (!system_.parts.drives.detach(number)) return kNoSuchDrive;
    for (std::size_t i = 0; i < hooked_.size(); ++i)
        if (hooked_[i].number == number) hooked_.erase(i--);
    publish();
    return {};
}

void SanDrives::unhook_all() {
    while (!hooked_.empty()) (void)unhook(hooked_[0].number);
}

bool SanDrives::uses(const net::Interface& interface) const {
    for (const Hooked& hooked : hooked_)
        if (hooked.interface == &interface) return true;
    return false;
}

}  // namespace scripts
