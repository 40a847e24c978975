#include "scripts/san_drives.h"

#include <platform/boot.h>

#include "san/iscsi_failures.h"
#include "scripts/system.h"

namespace scripts {

// RFC 7143 leaves it open, Microsoft's initiator does not: it refuses other lengths in an iBFT.
static constexpr std::size_t kShortestSecret = 12, kLongestSecret = 16;

// What ACLs of existing installations name: the host's name, else its UUID, behind the established firmware's
// prefix.
static constexpr std::string_view kIqnPrefix = "iqn.2010-04.org.ipxe:";

san::IscsiName SanDrives::initiator_name() {
    san::IscsiName name;
    name.text(system_.settings.text("initiator-iqn").view());
    if (!name.view().empty()) return name;
    util::String host = system_.settings.text("hostname");
    if (host.empty()) host = system_.settings.text("uuid");
    // A name there must be, and nothing else is unique.
    if (host.empty()) host = system_.settings.text("mac:hexhyp");
    name.text(kIqnPrefix);
    for (char c : host.view())
        name.character(util::to_lower(c));  // RFC 3722: names are compared in lower case
    return name;
}

static void fill(Settings& settings, san::ChapCredentials& credentials, std::string_view name,
                 std::string_view secret) {
    credentials.name.text(settings.text(name).view());
    credentials.secret.text(settings.text(secret).view());
    std::size_t length = credentials.secret.view().size();
    if (length && (length < kShortestSecret || length > kLongestSecret))
        util::print("Warning: %v has %u characters; Windows takes only 12 to 16\n", &secret,
                    static_cast<unsigned>(length));
}

util::Result<void> SanDrives::fill_config(std::uint8_t number, std::string_view uri,
                                          san::IscsiConfig& config) {
    if (!san::is_iscsi_uri(uri)) return kNotSanUri;
    config.uri = TRY(san::parse_iscsi_uri(uri));
    config.initiator_name = initiator_name();
    TRY(san::check_iscsi_name(config.initiator_name.view()));
    fill(system_.settings, config.chap, "username", "password");
    fill(system_.settings, config.reverse_chap, "reverse-username", "reverse-password");
    if (!system_.network.nics().empty())
        config.isid = san::isid_from_mac(system_.network.nics()[0]->interface.mac(), number);
    config.cpu = system_.parts.cpu;
    return {};
}

// The interface that leads to the target, for the EDD device path and the iBFT.
static net::Interface* interface_to(System& system, net::Ipv4Address target) {
    auto route = system.parts.stack.route(target);
    return route.ok() ? route.value().interface : nullptr;
}

util::Result<void> SanDrives::open(std::uint8_t number, std::string_view uri, Describe describe) {
    const SystemParts& parts = system_.parts;
    auto config = TRY(util::make_owned<san::IscsiConfig>());
    TRY(fill_config(number, uri, *config));
    auto resolver =
        TRY(util::make_owned<HostResolver>(parts.loop, parts.datagrams, parts.random, system_.network.dns()));
    auto diagnosis = TRY(util::make_owned<san::Diagnosis>());
    auto device = san::IscsiDevice::open({parts.loop, parts.connector, parts.random, resolver.get()}, *config,
                                         *diagnosis);
    if (!device.ok()) {
        std::string_view what = diagnosis->what.view(), hint = diagnosis->hint.view();
        if (!what.empty()) util::print("  %s: %v\n", diagnosis->stage, &what);
        if (!hint.empty()) util::print("  %v\n", &hint);
        return device.failure();
    }
    san::IscsiDevice* opened = device.value().get();
    Hooked hooked{number, describe, opened, interface_to(system_, opened->portal().address),
                  std::move(resolver)};
    san::DrivePath path;
    if (hooked.interface && hooked.interface->link().identity().has_pci_address)
        path.nic = hooked.interface->link().identity().busdevfn;
    for (std::uint8_t byte : opened->config().uri.lun.bytes) path.lun = path.lun << 8 | byte;
    TRY(parts.drives.attach(number, device.take(), path));
    if (auto kept = hooked_.push(std::move(hooked)); !kept.ok()) {
        parts.drives.detach(number);
        return kept;
    }
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
    for (std::string_view uri : uris) {
        if (uri.empty()) continue;
        result = open(number, uri, describe);
        if (result.ok()) {
            util::print("Registered as BIOS drive 0x%02x\n", number);
            publish();
            return {};
        }
        if (&result.failure() == &util::kCancelled) break;
        if (uris.size() > 1) util::print("  %v: %s\n", &uri, result.failure().text);
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
