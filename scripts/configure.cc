// Network::configure(): DHCP on several NICs at once, as `dhcp` and `autoboot` want it.
#include "embed/embed.h"
#include "scripts/pxe.h"
#include "scripts/settings/setting_formats.h"
#include "scripts/system.h"

namespace scripts {

using namespace std::string_view_literals;

namespace {

// A lease without boot information is given this long to be outdone by one on another NIC.
constexpr util::Duration kBetterOffer = util::Duration::seconds(2);
// How long a single client waits for a proxyDHCP's or a better offer when the first names nothing to boot.
constexpr util::Duration kBootOffer = util::Duration::milliseconds(500);
constexpr util::Duration kDot = util::Duration::seconds(1);

// Inside of option 175: what servers' configurations ask for (the option numbers are the public ones of the
// established firmware's DHCP guide): iSCSI, TFTP, DNS, and the version.
constexpr std::uint8_t kEncapsulated[] = {
    17,
    1,
    1,
    21,
    1,
    1,
    23,
    1,
    1,
    235,
    3,
    embed::kVersion[0] - '0',
    embed::kVersion[2] - '0',
    embed::kVersion[4] - '0',
};

bool is_better(const Nic& a, const Nic& b) {
    bool boots_a = a.dhcp.boots(), boots_b = b.dhcp.boots();
    if (boots_a != boots_b) return boots_a;
    int priority_a = a.dhcp.lease().message.priority(), priority_b = b.dhcp.lease().message.priority();
    if (priority_a != priority_b) return priority_a > priority_b;
    return a.interface.index() < b.interface.index();
}

Nic* best_lease(std::span<Nic* const> nics) {
    Nic* best = nullptr;
    for (Nic* nic : nics)
        if (nic->dhcp.has_lease() && (!best || is_better(*nic, *best))) best = nic;
    return best;
}

// Whether the NICs without a lease may be waited for.
bool others_may_answer(std::span<Nic* const> nics) {
    for (Nic* nic : nics)
        if (!nic->dhcp.finished() && nic->interface.link_up()) return true;
    return false;
}

bool all_finished(std::span<Nic* const> nics) {
    for (Nic* nic : nics)
        if (!nic->dhcp.finished()) return false;
    return true;
}

void print_nics(std::span<Nic* const> nics) {
    util::print("Configuring ");
    for (Nic* nic : nics) {
        std::string_view name = nic->name();
        auto mac = net::to_text(nic->interface.mac());
        std::string_view shown = mac.view();
        util::print("(%v %v)", &name, &shown);
    }
    util::print("...");
}

}  // namespace

util::Result<void> Network::make_request(Nic& nic) {
    nic.user_class_ = system_.settings.text("user-class"sv);
    nic.host_name_ = system_.settings.text("hostname"sv);
    net::DhcpRequest& request = nic.request_;
    request = {};
    if (!nic.user_class_.empty()) request.user_class = nic.user_class_.view();
    request.host_name = nic.host_name_.view();
    SettingValue uuid;
    if (TRY(system_.settings.fetch("smbios/uuid"sv, uuid)) &&
        uuid.bytes.size() == 16) {
        // The setting is in written order, SMBIOS and option 97 have the first three fields little-endian.
        std::memcpy(nic.uuid_.data(), uuid.bytes.view().data(), nic.uuid_.size());
        swap_guid(std::as_writable_bytes(std::span(nic.uuid_)));
        request.uuid = &nic.uuid_;
    }
    request.encapsulated = std::as_bytes(std::span(kEncapsulated));
    return {};
}

// Waits until there is a lease that is not worth bettering, or all have failed. Null: all have failed.
util::Result<Nic*> Network::await_lease(std::span<Nic* const> nics) {
    util::Instant give_up_better = util::Instant::never();
    for (;;) {
        auto waited = system_.loop.run_until(
            [&] {
                Nic* best = best_lease(nics);
                if (!best) return all_finished(nics);
                util::Instant now = system_.loop.now();
                if (give_up_better == util::Instant::never()) give_up_better = now + kBetterOffer;
                return best->dhcp.boots() || !others_may_answer(nics) ||
                       now >= give_up_better;
            },
            std::min(system_.loop.now() + kDot, give_up_better));
        if (waited.ok()) return best_lease(nics);
        if (&waited.failure() != &util::kTimedOut) return waited.failure();
        util::print(".");
    }
}

util::Result<Nic*> Network::take_cached(std::span<Nic* const> nics) {
    for (Nic* nic : nics) {
        if (nic != cached_nic_ || !system_.settings.number("use-cached"sv, 0)) continue;
        TRY(nic->open());
        TRY(nic->port.open());
        std::string_view name = nic->name();
        util::print("%v: going on with what its PXE ROM was given\n", &name);
        prefer(*nic);
        return nic;
    }
    return nullptr;
}

util::Result<Nic*> Network::configure(std::span<Nic* const> nics, Wanted wanted, util::Duration patience) {
    if (Nic* nic = TRY(take_cached(nics))) return nic;
    bool waits_for_boot = begin_pxe(system_) && wanted == Wanted::BootInformation;
    print_nics(nics);
    const util::Failure* failure = nullptr;
    for (Nic* nic : nics) {
        util::Result<void> started = nic->open();
        if (started.ok()) started = nic->port.open();
        if (nic == cached_nic_) cached_nic_ = nullptr;
        if (started.ok()) started = make_request(*nic);
        if (patience.us() > 0) nic->request_.patience = nic->request_.link_patience = patience;
        if (waits_for_boot) nic->request_.wait_for_boot_offer = kBootOffer;
        if (started.ok()) started = nic->dhcp.start(nic->request_, system_.loop.now());
        if (!started.ok() && !failure) failure = &started.failure();
    }
    auto best = await_lease(nics);
    Nic* chosen = best.ok() ? best.value() : nullptr;
    util::print(chosen ? " ok\n" : " failed\n");
    for (Nic* nic : nics) {
        if (nic == chosen || system_.san.uses(nic->interface)) continue;
        if (!failure && nic->dhcp.state() == net::DhcpClient::State::Failed) {
            failure = &nic->dhcp.failure();
            std::string_view name = nic->name(), detail = nic->dhcp.detail();
            if (!chosen && !detail.empty()) util::print("%v: %v\n", &name, &detail);
        }
        nic->close();
    }
    if (!best.ok()) return best.failure();
    if (!chosen) return failure ? *failure : net::kDhcpNoServer;
    prefer(*chosen);
    return chosen;
}

}  // namespace scripts
