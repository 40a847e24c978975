#include "san/ibft.h"

#include <algorithm>
#include <cstring>

#include "san/ibft_format.h"

namespace san {

using util::MutableBytes;
using util::Result;

namespace {

constexpr std::size_t aligned(std::size_t size) {
    return (size + ibft::kAlignment - 1) & ~(ibft::kAlignment - 1);
}
constexpr std::size_t kInControl = 2;  // NICs and targets that the control structure has fixed places for

constexpr ibft::Address mapped(net::Ipv4Address address) {
    ibft::Address bytes{};
    if (address.is_unspecified()) return bytes;
    bytes[10] = bytes[11] = 0xff;
    for (unsigned i = 0; i < 4; ++i)
        bytes[12 + i] = static_cast<std::uint8_t>(address.value() >> (24 - 8 * i));
    return bytes;
}

bool on_link(const IbftNic& nic, net::Ipv4Address address) {
    unsigned host_bits = 32u - std::min<unsigned>(nic.prefix_length, 32);
    return host_bits == 32 || (nic.address.value() ^ address.value()) >> host_bits == 0;
}

// Structures have their places from the start, as their number is known; texts are added behind them.
class Builder {
  public:
    Builder(const Ibft& source, MutableBytes buffer) : source_(source), buffer_(buffer) {}
    Result<IbftTable> build();

  private:
    Result<void> select();
    Result<void> lay_out();
    void sort_nics();
    void add_header();
    void add_control();
    void add_initiator();
    void add_nic(std::size_t rank);
    void add_target(std::size_t place);
    bool needs_gateway(std::size_t nic) const;
    ibft::Text add_text(std::string_view text);
    ibft::Text add_secret(std::string_view text);
    template <class T>
    void put(std::size_t at, const T& structure) {
        std::memcpy(buffer_.data() + at, &structure, sizeof structure);
    }
    std::size_t nic_count() const { return source_.nics.size(); }
    std::size_t expansion_count() const {
        return std::max(nic_count(), kInControl) + std::max(target_count_, kInControl) - 2 * kInControl;
    }
    std::size_t control_size() const {
        return sizeof(ibft::Control) + expansion_count() * sizeof(ibft::Le16);
    }
    static constexpr std::size_t control_at() { return aligned(sizeof(ibft::Header)); }
    std::size_t initiator_at() const { return aligned(control_at() + control_size()); }
    std::size_t nic_at(std::size_t rank) const {
        return initiator_at() + aligned(sizeof(ibft::Initiator)) + rank * aligned(sizeof(ibft::Nic));
    }
    std::size_t target_at(std::size_t place) const {
        return nic_at(nic_count()) + place * aligned(sizeof(ibft::Target));
    }

    const Ibft& source_;
    MutableBytes buffer_;
    std::size_t used_ = 0;
    bool fits_ = true;
    IbftWarnings warnings_;
    std::array<std::uint8_t, kIbftMostNics> nic_of_rank_{}, rank_of_nic_{};  // rank: in PCI order
    std::array<std::uint8_t, kIbftMostTargets> targets_{};                   // those that are listed
    std::size_t target_count_ = 0;
};

Result<IbftTable> Builder::build() {
    TRY(select());
    TRY(lay_out());
    add_control();
    add_initiator();
    for (std::size_t rank = 0; rank < nic_count(); ++rank) add_nic(rank);
    for (std::size_t place = 0; place < target_count_; ++place) add_target(place);
    if (!fits_) return kIbftTooLarge;
    add_header();
    return IbftTable{buffer_.first(used_), warnings_};
}

Result<void> Builder::select() {
    if (nic_count() > kIbftMostNics || source_.targets.size() > kIbftMostTargets) return util::kTooLong;
    for (std::size_t i = 0; i < source_.targets.size(); ++i) {
        if (!source_.targets[i].logged_in) continue;
        if (source_.targets[i].nic >= nic_count()) return util::kInvalid;
        targets_[target_count_++] = static_cast<std::uint8_t>(i);
    }
    if (target_count_ == 0) return kIbftNothingToList;
    warnings_.more_than_two = nic_count() > kInControl || target_count_ > kInControl;
    sort_nics();
    return {};
}

void Builder::sort_nics() {
    for (std::size_t i = 0; i < nic_count(); ++i) {
        std::size_t rank = 0;
        for (std::size_t j = 0; j < nic_count(); ++j) {
            std::uint16_t mine = source_.nics[i].pci, other = source_.nics[j].pci;
            if (other < mine || (other == mine && j < i)) ++rank;
        }
        nic_of_rank_[rank] = static_cast<std::uint8_t>(i);
        rank_of_nic_[i] = static_cast<std::uint8_t>(rank);
    }
}

Result<void> Builder::lay_out() {
    buffer_ = buffer_.first(std::min<std::size_t>(buffer_.size(), UINT16_MAX));
    used_ = target_at(target_count_);
    if (used_ > buffer_.size()) return kIbftTooLarge;
    std::memset(buffer_.data(), 0, used_);
    return {};
}

void Builder::add_header() {
    ibft::Header header{};
    header.signature = {'i', 'B', 'F', 'T'};
    header.length = static_cast<std::uint32_t>(used_);
    header.revision = ibft::kRevision;
    header.oem_id = {'S', 'A', 'N', 'P', 'I', 'P'};
    header.oem_table_id = {'S', 'a', 'n', 'p', 'i', 'p', 'e', 'r'};
    put(0, header);
    std::uint8_t sum = 0;
    for (std::byte b : buffer_.first(used_))
        sum = static_cast<std::uint8_t>(sum + std::to_integer<unsigned>(b));
    header.checksum = static_cast<std::uint8_t>(-sum);
    put(0, header);
}

void Builder::add_control() {
    auto offset = [](std::size_t at) { return ibft::Le16(static_cast<std::uint16_t>(at)); };
    ibft::Control control{};
    control.structure = {ibft::kControl, ibft::Structure::kVersion, offset(control_size()), 0, 0};
    control.initiator = offset(initiator_at());
    control.nic0 = offset(nic_at(0));
    control.target0 = offset(target_at(0));
    if (nic_count() > 1) control.nic1 = offset(nic_at(1));
    if (target_count_ > 1) control.target1 = offset(target_at(1));
    put(control_at(), control);
    std::size_t expansion = control_at() + sizeof control;
    auto expand = [&](std::size_t at) {
        put(expansion, offset(at));
        expansion += sizeof(ibft::Le16);
    };
    for (std::size_t rank = kInControl; rank < nic_count(); ++rank) expand(nic_at(rank));
    for (std::size_t place = kInControl; place < target_count_; ++place) expand(target_at(place));
}

void Builder::add_initiator() {
    ibft::Initiator initiator{};
    initiator.structure = {ibft::kInitiator, ibft::Structure::kVersion, std::uint16_t{sizeof initiator}, 0,
                           ibft::kValid | ibft::kBootSelected};
    initiator.name = add_text(source_.initiator_name);
    put(initiator_at(), initiator);
}

// Only for a target that is behind it: with a gateway, Windows reaches its own subnet by the gateway, too.
bool Builder::needs_gateway(std::size_t nic) const {
    for (std::size_t place = 0; place < target_count_; ++place) {
        const IbftTarget& target = source_.targets[targets_[place]];
        if (target.nic == nic && !on_link(source_.nics[nic], target.address)) return true;
    }
    return false;
}

void Builder::add_nic(std::size_t rank) {
    const IbftNic& source = source_.nics[nic_of_rank_[rank]];
    ibft::Nic nic{};
    nic.structure = {ibft::kNic, ibft::Structure::kVersion, std::uint16_t{sizeof nic},
                     static_cast<std::uint8_t>(rank),
                     static_cast<std::uint8_t>(ibft::kValid | ibft::kGlobalAddress |
                                               (source.boot == IbftBoot::Yes ? ibft::kBootSelected : 0))};
    nic.address = mapped(source.address);
    nic.prefix_length = source.prefix_length;
    nic.origin = static_cast<std::uint8_t>(source.origin);
    if (needs_gateway(nic_of_rank_[rank])) nic.gateway = mapped(source.gateway);
    nic.dns1 = mapped(source.dns1);
    nic.dns2 = mapped(source.dns2);
    nic.dhcp = mapped(source.dhcp_server);
    nic.vlan = source.vlan;
    nic.mac = source.mac.octets;
    nic.pci = source.pci;
    nic.host_name = add_text(source.host_name);
    put(nic_at(rank), nic);
}

void Builder::add_target(std::size_t place) {
    const IbftTarget& source = source_.targets[targets_[place]];
    ibft::Target target{};
    target.structure = {
        ibft::kTarget, ibft::Structure::kVersion, std::uint16_t{sizeof target},
        static_cast<std::uint8_t>(place),
        static_cast<std::uint8_t>(ibft::kValid | (source.boot == IbftBoot::Yes ? ibft::kBootSelected : 0))};
    target.address = mapped(source.address);
    target.port = source.port;
    target.lun = source.lun;
    target.chap = static_cast<std::uint8_t>(source.chap);
    target.nic = rank_of_nic_[source.nic];
    target.name = add_text(source.name);
    if (source.chap != IbftChap::None) {
        target.chap_name = add_text(source.chap_name);
        target.chap_secret = add_secret(source.chap_secret);
    }
    if (source.chap == IbftChap::Mutual) {
        target.reverse_chap_name = add_text(source.reverse_chap_name);
        target.reverse_chap_secret = add_secret(source.reverse_chap_secret);
    }
    put(target_at(place), target);
}

ibft::Text Builder::add_secret(std::string_view text) {
    constexpr std::size_t kShortest = 12, kLongest = 16;
    if (text.size() < kShortest || text.size() > kLongest) warnings_.secret_length = true;
    return add_text(text);
}

ibft::Text Builder::add_text(std::string_view text) {
    if (text.empty()) return {};
    if (text.size() >= buffer_.size() - used_) {
        fits_ = false;
        return {};
    }
    ibft::Text field{static_cast<std::uint16_t>(text.size()), static_cast<std::uint16_t>(used_)};
    std::memcpy(buffer_.data() + used_, text.data(), text.size());
    buffer_[used_ + text.size()] = std::byte{0};
    used_ += text.size() + 1;
    return field;
}

}  // namespace

Result<IbftTable> build_ibft(const Ibft& ibft, MutableBytes buffer) {
    return Builder(ibft, buffer).build();
}

}  // namespace san
