// The iBFT as scripts make it: every NIC as its settings say, and the drives that are to be described.
#include <platform/boot.h>

#include "san/ibft.h"
#include "scripts/system.h"

namespace scripts {

using namespace std::string_view_literals;

namespace {

// What arch sets aside for the table.
constexpr std::size_t kTableSize = 1536;

// One table in the making: the texts that it points to.
struct IbftDraft {
    std::array<san::IbftNic, san::kIbftMostNics> nics;
    std::array<const net::Interface*, san::kIbftMostNics> interfaces;  // that they are of
    std::array<san::IbftTarget, san::kIbftMostTargets> targets;
    std::size_t nic_count = 0, target_count = 0;
    util::String host_name;
    san::IscsiName initiator_name;
    alignas(16) std::byte table[kTableSize];
};

net::Ipv4Address address_setting(Settings& settings, std::string_view scope, std::string_view name,
                                 std::size_t index = 0) {
    util::Text<32> full;
    return settings.address(full.text(scope).character('/').text(name).view(), index);
}

// The gateway is the setting, not the live route: scripts clear it to keep Windows off the router.
san::IbftNic describe_nic(System& system, Nic& nic, std::string_view host_name) {
    san::IbftNic entry;
    net::Interface& interface = nic.interface;
    entry.mac = interface.mac();
    entry.pci = interface.link().identity().busdevfn;
    entry.vlan = interface.vlan_id().value_or(0);
    entry.host_name = host_name;
    entry.boot = entry.mac == system.network.nics()[0]->interface.mac() ? san::IbftBoot::Yes : san::IbftBoot::No;
    const net::Ipv4Config* config = interface.config();
    if (!config) return entry;
    entry.address = config->address;
    entry.prefix_length = static_cast<std::uint8_t>(net::prefix_length(config->netmask).value_or(0));
    entry.origin = nic.dhcp.has_lease() ? san::IbftOrigin::Dhcp : san::IbftOrigin::Manual;
    if (nic.dhcp.has_lease()) entry.dhcp_server = nic.dhcp.lease().server;
    entry.gateway = address_setting(system.settings, nic.name(), "gateway"sv);
    entry.dns1 = address_setting(system.settings, nic.name(), "dns"sv);
    entry.dns2 = address_setting(system.settings, nic.name(), "dns"sv, 1);
    return entry;
}

// A card is one entry: with a VLAN that has an address, that one in its place.
bool is_listed(Network& network, const net::Interface& interface) {
    if (interface.config() || interface.vlan_id()) return interface.config();
    for (auto& other : network.nics())
        if (other->interface.config() && other->interface.mac() == interface.mac()) return false;
    return true;
}

san::IbftTarget describe_target(const SanDrives::Hooked& hooked, const IbftDraft& draft) {
    const san::IscsiDevice& device = *hooked.iscsi;
    const san::IscsiConfig& config = device.config();
    san::IbftTarget entry;
    entry.address = device.portal().address;
    entry.port = device.portal().port;
    std::copy(config.uri.lun.bytes.begin(), config.uri.lun.bytes.end(), entry.lun.begin());
    entry.name = config.uri.target.view();
    entry.logged_in = true;
    for (std::size_t i = 0; i < draft.nic_count; ++i)
        if (draft.interfaces[i] == hooked.interface) entry.nic = i;
    entry.boot = hooked.number == san::DriveTable::kFirstDrive && hooked.describe == Describe::Yes ? san::IbftBoot::Yes : san::IbftBoot::No;
    if (device.chap_used() == san::ChapUsed::None) return entry;
    entry.chap = san::IbftChap::OneWay;
    entry.chap_name = config.chap.name.view();
    entry.chap_secret = config.chap.secret.view();
    if (device.chap_used() == san::ChapUsed::OneWay) return entry;
    entry.chap = san::IbftChap::Mutual;
    entry.reverse_chap_name = config.reverse_chap.name.view();
    entry.reverse_chap_secret = config.reverse_chap.secret.view();
    return entry;
}

}  // namespace

util::Result<void> publish_ibft(System& system) {
    auto draft = TRY(util::make_owned<IbftDraft>());
    draft->host_name = system.settings.text("hostname"sv);
    draft->initiator_name = system.san.initiator_name();
    for (auto& nic : system.network.nics()) {
        if (draft->nic_count == draft->nics.size() || !is_listed(system.network, nic->interface)) continue;
        draft->interfaces[draft->nic_count] = &nic->interface;
        draft->nics[draft->nic_count++] = describe_nic(system, *nic, draft->host_name.view());
    }
    for (const auto& hooked : system.san.hooked())
        if (hooked.iscsi && hooked.describe != Describe::No && draft->target_count < draft->targets.size())
            draft->targets[draft->target_count++] = describe_target(hooked, *draft);
    if (!draft->target_count) return platform::publish_ibft({});
    san::Ibft ibft{draft->initiator_name.view(), std::span(draft->nics).first(draft->nic_count),
                   std::span(draft->targets).first(draft->target_count)};
    san::IbftTable table = TRY(san::build_ibft(ibft, draft->table));
    if (table.warnings.more_than_two)
        util::print("Warning: Linux before 5.18 sees only two NICs and two targets of the iBFT\n");
    return platform::publish_ibft(table.bytes);
}

}  // namespace scripts
