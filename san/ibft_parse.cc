// Reading an iBFT back, as strictly as the strictest of operating systems: for tests.
#include <algorithm>
#include <cstddef>
#include <cstring>

#include "san/ibft.h"
#include "san/ibft_format.h"

namespace san {

namespace {

class Parser {
  public:
    Parser(util::Bytes table, IbftContents& contents) : table_(table), contents_(contents) {}
    bool parse();

  private:
    bool parse_header();
    bool parse_structure(std::size_t at);
    bool parse_initiator(std::size_t at);
    bool parse_nic(std::size_t at);
    bool parse_target(std::size_t at);
    bool check(const ibft::Structure& structure, ibft::Id id, std::size_t size, std::size_t index) {
        return structure.id == id && structure.version == ibft::Structure::kVersion &&
               structure.length == size && structure.index == index && (structure.flags & ibft::kValid);
    }
    template <class T>
    bool get(std::size_t at, T& structure) const {
        if (at > table_.size() || sizeof structure > table_.size() - at) return false;
        std::memcpy(&structure, table_.data() + at, sizeof structure);
        return true;
    }
    bool get_text(const ibft::Text& field, std::string_view& text) const;
    bool get_address(const ibft::Address& bytes, net::Ipv4Address& address) const;

    util::Bytes table_;
    IbftContents& contents_;
    bool has_initiator_ = false;
};

bool Parser::parse() {
    ibft::Control control;
    if (!parse_header() || !get(sizeof(ibft::Header), control)) return false;
    std::size_t size = control.structure.length, end = sizeof(ibft::Header) + size;
    if (size < sizeof control || size % sizeof(ibft::Le16) != 0 || end > table_.size()) return false;
    ibft::Structure structure = control.structure;
    structure.flags |= ibft::kValid;  // its flags have another meaning
    if (!check(structure, ibft::kControl, size, 0)) return false;
    for (std::size_t at = sizeof(ibft::Header) + offsetof(ibft::Control, initiator); at < end;
         at += sizeof(ibft::Le16)) {
        ibft::Le16 offset;
        if (!get(at, offset) || (offset != 0 && !parse_structure(offset))) return false;
    }
    return has_initiator_ &&
           std::all_of(contents_.targets.begin(), contents_.targets.begin() + contents_.target_count,
                       [&](const IbftTarget& target) { return target.nic < contents_.nic_count; });
}

bool Parser::parse_header() {
    ibft::Header header;
    if (!get(0, header)) return false;
    std::uint8_t sum = 0;
    for (std::byte b : table_) sum = static_cast<std::uint8_t>(sum + std::to_integer<unsigned>(b));
    return std::string_view(header.signature.data(), header.signature.size()) == ibft::kSignature &&
           header.length == table_.size() && header.revision == ibft::kRevision && sum == 0;
}

bool Parser::parse_structure(std::size_t at) {
    ibft::Structure structure;
    if (at % ibft::kAlignment != 0 || !get(at, structure)) return false;
    switch (structure.id) {
        case ibft::kInitiator:
            return parse_initiator(at);
        case ibft::kNic:
            return parse_nic(at);
        case ibft::kTarget:
            return parse_target(at);
        default:
            return false;
    }
}

bool Parser::parse_initiator(std::size_t at) {
    ibft::Initiator initiator;
    if (has_initiator_ || !get(at, initiator)) return false;
    has_initiator_ = true;
    return check(initiator.structure, ibft::kInitiator, sizeof initiator, 0) &&
           get_text(initiator.name, contents_.initiator_name);
}

bool Parser::parse_nic(std::size_t at) {
    ibft::Nic source;
    if (contents_.nic_count == kIbftMostNics || !get(at, source)) return false;
    if (!check(source.structure, ibft::kNic, sizeof source, contents_.nic_count) || source.prefix_length > 32)
        return false;
    IbftNic& nic = contents_.nics[contents_.nic_count++];
    nic.prefix_length = source.prefix_length;
    nic.origin = static_cast<IbftOrigin>(source.origin);
    nic.vlan = source.vlan;
    nic.mac.octets = source.mac;
    nic.pci = source.pci;
    nic.boot = source.structure.flags & ibft::kBootSelected ? IbftBoot::Yes : IbftBoot::No;
    return get_address(source.address, nic.address) && get_address(source.gateway, nic.gateway) &&
           get_address(source.dns1, nic.dns1) && get_address(source.dns2, nic.dns2) &&
           get_address(source.dhcp, nic.dhcp_server) && get_text(source.host_name, nic.host_name);
}

bool Parser::parse_target(std::size_t at) {
    ibft::Target source;
    if (contents_.target_count == kIbftMostTargets || !get(at, source)) return false;
    if (!check(source.structure, ibft::kTarget, sizeof source, contents_.target_count)) return false;
    if (source.chap > static_cast<std::uint8_t>(IbftChap::Mutual)) return false;
    IbftTarget& target = contents_.targets[contents_.target_count++];
    target.port = source.port;
    target.lun = source.lun;
    target.chap = static_cast<IbftChap>(source.chap);
    target.nic = source.nic;
    target.boot = source.structure.flags & ibft::kBootSelected ? IbftBoot::Yes : IbftBoot::No;
    target.logged_in = true;
    return get_address(source.address, target.address) && get_text(source.name, target.name) &&
           get_text(source.chap_name, target.chap_name) && get_text(source.chap_secret, target.chap_secret) &&
           get_text(source.reverse_chap_name, target.reverse_chap_name) &&
           get_text(source.reverse_chap_secret, target.reverse_chap_secret);
}

bool Parser::get_text(const ibft::Text& field, std::string_view& text) const {
    text = {};
    std::size_t size = field.length, at = field.offset;
    if (at == 0) return size == 0;
    if (at > table_.size() || size >= table_.size() - at) return false;
    text = util::as_text(table_.subspan(at, size));
    return table_[at + size] == std::byte{0} && text.find('\0') == text.npos;
}

bool Parser::get_address(const ibft::Address& bytes, net::Ipv4Address& address) const {
    address = {};
    if (bytes == ibft::Address{}) return true;
    constexpr std::array<std::uint8_t, 12> kMapped{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
    if (!std::equal(kMapped.begin(), kMapped.end(), bytes.begin())) return false;
    address = net::Ipv4Address(bytes[12], bytes[13], bytes[14], bytes[15]);
    return true;
}

}  // namespace

util::Result<void> parse_ibft(util::Bytes table, IbftContents& contents) {
    contents = {};
    if (!Parser(table, contents).parse()) return kIbftMalformed;
    return {};
}

}  // namespace san
