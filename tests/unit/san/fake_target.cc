#include "tests/unit/san/fake_target.h"

#include "san/chap.h"
#include "san/crc32c.h"
#include "san/iscsi_text.h"
#include "san/scsi_task.h"

namespace fake {

using san::IscsiOpcode;

Keys split_keys(const std::string& text) {
    Keys keys;
    for (std::size_t at = 0; at < text.size();) {
        std::size_t end = std::min(text.find('\0', at), text.size());
        std::string line = text.substr(at, end - at);
        std::size_t equals = line.find('=');
        keys.emplace_back(line.substr(0, equals), line.substr(equals + 1));
        at = end + 1;
    }
    return keys;
}

std::string join_keys(const Keys& keys) {
    std::string text;
    for (auto& [name, value] : keys) text += name + "=" + value + '\0';
    return text;
}

std::string fixed_sense(unsigned key, unsigned asc, unsigned ascq, std::uint32_t information) {
    std::string sense(18, '\0');
    sense[0] = static_cast<char>(information ? 0xf0 : 0x70);
    sense[2] = static_cast<char>(key);
    util::Be32 field(information);
    std::memcpy(&sense[3], &field, 4);
    sense[7] = 10;
    sense[12] = static_cast<char>(asc);
    sense[13] = static_cast<char>(ascq);
    return sense;
}

static std::string wire_crc(const std::string& bytes) {
    san::Crc32c crc;
    crc.update(util::as_bytes(bytes));
    util::Le32 value = crc.wire();
    return {reinterpret_cast<const char*>(&value), 4};
}

static std::string padded(std::string data) {
    data.resize((data.size() + 3) / 4 * 4);
    return data;
}

std::uint32_t Connection::window() const { return target_.command_window; }

std::optional<Pdu> Connection::take_pdu() {
    std::string& in = input_;
    bool digests = full_feature && agreed["HeaderDigest"] == "CRC32C";
    std::size_t digest = digests ? 4 : 0;
    if (in.size() < san::kHeaderSize + digest) return std::nullopt;
    Pdu pdu;
    std::memcpy(&pdu.header, in.data(), sizeof pdu.header);
    std::size_t length = pdu.header.data_segment_length;
    std::size_t whole = san::kHeaderSize + digest + (length + 3) / 4 * 4 + (length ? digest : 0);
    if (in.size() < whole) return std::nullopt;
    std::string head = in.substr(0, san::kHeaderSize);
    pdu.data = in.substr(san::kHeaderSize + digest, length);
    if (digests) {
        bool right = in.substr(san::kHeaderSize, 4) == wire_crc(head);
        if (length) right &= in.substr(whole - 4, 4) == wire_crc(padded(pdu.data));
        if (!right) close();
    }
    in.erase(0, whole);
    return pdu;
}

void Connection::send(Pdu pdu) {
    if (target_.on_send && target_.on_send(*this, pdu)) return;
    pdu.header.data_segment_length = san::Be24(static_cast<std::uint32_t>(pdu.data.size()));
    std::string head(reinterpret_cast<const char*>(&pdu.header), sizeof pdu.header);
    bool digests = full_feature && agreed["HeaderDigest"] == "CRC32C" && pdu.opcode() != IscsiOpcode::LoginResponse;
    send_raw(head + (digests ? wire_crc(head) : "") + padded(pdu.data));
    if (digests && !pdu.data.empty()) send_raw(wire_crc(padded(pdu.data)));
}

bool Connection::poll() {
    if (!alive() || target_.hang) return false;
    bool moved = !pipe_->to_server.empty();
    input_ += std::exchange(pipe_->to_server, {});
    while (alive()) {
        auto pdu = take_pdu();
        if (!pdu) break;
        moved = true;
        target_.received.push_back(*pdu);
        handle(*pdu);
    }
    return moved;
}

void Connection::handle(const Pdu& pdu) {
    bool numbered = !(pdu.header.opcode & san::kImmediate) && pdu.opcode() != IscsiOpcode::DataOut;
    if (numbered && full_feature) ++exp_cmd_sn;
    if (target_.on_pdu && target_.on_pdu(*this, pdu)) return;
    switch (pdu.opcode()) {
        case IscsiOpcode::LoginRequest: return handle_login(pdu);
        case IscsiOpcode::ScsiCommand: return handle_command(pdu);
        case IscsiOpcode::DataOut: return handle_data_out(pdu);
        case IscsiOpcode::NopOut: {
            if (pdu.header.initiator_task_tag == san::kReservedTag) return;
            san::NopInHeader header;
            header.initiator_task_tag = pdu.header.initiator_task_tag;
            return reply(header, pdu.data);
        }
        case IscsiOpcode::LogoutRequest: {
            san::LogoutResponseHeader header;
            header.initiator_task_tag = pdu.header.initiator_task_tag;
            reply(header);
            return close();
        }
        default: return;
    }
}

std::string Connection::key(const std::string& name) const {
    for (auto& [key, value] : said_)
        if (key == name) return value;
    return {};
}

void Connection::handle_login(const Pdu& pdu) {
    auto request = pdu.as<san::LoginRequestHeader>();
    exp_cmd_sn = request.cmd_sn;
    san::LoginResponseHeader header;
    header.initiator_task_tag = request.initiator_task_tag;
    header.isid = request.isid;
    header.tsih = 7;
    header.status_class = static_cast<std::uint8_t>(target_.login_status >> 8);
    header.status_detail = static_cast<std::uint8_t>(target_.login_status);
    header.flags = request.flags & 0x0c;
    login_text_ += pdu.data;
    if (target_.login_status) {
        Keys where;
        if (!target_.redirect.empty()) where = {{"TargetAddress", target_.redirect}};
        return reply(header, join_keys(where));
    }
    if (request.flags & san::kLoginContinue) return reply(header);
    Keys answer;
    said_ = split_keys(login_text_);
    login_text_.clear();
    keys.insert(keys.end(), said_.begin(), said_.end());
    bool security = (request.flags >> 2 & 3) == 0;
    bool done = true;
    if (security) {
        bool was_asked = false;
        for (auto& [name, value] : keys) was_asked |= name == "AuthMethod" && value.starts_with("CHAP");
        if (!target_.user.empty() && !was_asked) {
            header.status_class = 2, header.status_detail = 1;
            return reply(header);
        }
        done = chap(answer);
        if (!done && answer.empty()) {
            header.status_class = 2, header.status_detail = 1;
            return reply(header);
        }
    } else {
        login_keys(answer);
    }
    if ((request.flags & san::kLoginTransit) && done) header.flags = request.flags;
    reply(header, join_keys(answer));
    if ((header.flags & 0x83) == 0x83) full_feature = true;
}

static std::string hex(const void* data, std::size_t size) {
    std::string text = "0x";
    for (std::size_t i = 0; i < size; ++i) {
        char digits[3];
        std::snprintf(digits, sizeof digits, "%02x", static_cast<const unsigned char*>(data)[i]);
        text += digits;
    }
    return text;
}

static std::string base64(const std::string& data) {
    static const char* kDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string text = "0b";
    unsigned value = 0, bits = 0;
    for (unsigned char c : data) {
        value = (value << 8 | c) & 0xffffff;
        for (bits += 8; bits >= 6; bits -= 6) text += kDigits[value >> (bits - 6) & 63];
    }
    if (bits) text += kDigits[value << (6 - bits) & 63];
    while (text.size() % 4 != 2) text += '=';
    return text;
}

// True when nothing is left to be said; false with an empty reply when the proof is wrong.
bool Connection::chap(Keys& reply) {
    if (target_.user.empty()) {
        if (!key("AuthMethod").empty()) reply.emplace_back("AuthMethod", "None");
        return true;
    }
    if (!key("AuthMethod").empty()) {
        reply.emplace_back("AuthMethod", "CHAP");
        return false;
    }
    if (!key("CHAP_A").empty()) {
        challenge_.assign(target_.challenge_size, 'c');
        reply = {{"CHAP_A", "5"}, {"CHAP_I", "9"},
                 {"CHAP_C", target_.base64_challenge ? base64(challenge_) : hex(challenge_.data(), challenge_.size())}};
        return false;
    }
    if (authenticated_) return true;
    auto wanted = san::chap_response(9, target_.secret, util::as_bytes(challenge_));
    if (key("CHAP_N") != target_.user || key("CHAP_R") != hex(wanted.data(), wanted.size())) return false;
    authenticated_ = true;
    if (target_.reverse_user.empty() || key("CHAP_C").empty()) return true;
    std::byte theirs[1024];
    auto challenge = san::decode_binary(key("CHAP_C"), theirs);
    auto id = static_cast<std::uint8_t>(std::stoi(key("CHAP_I")));
    auto proof = san::chap_response(id, target_.reverse_secret, *challenge);
    reply = {{"CHAP_N", target_.reverse_user}, {"CHAP_R", hex(proof.data(), proof.size())}};
    return true;
}

void Connection::login_keys(Keys& reply) {
    std::map<std::string, std::string> answers = {
        {"HeaderDigest", target_.digests ? "CRC32C" : "None"},
        {"DataDigest", target_.digests ? "CRC32C" : "None"},
        {"MaxRecvDataSegmentLength", std::to_string(target_.max_recv)},
        {"MaxBurstLength", std::to_string(target_.max_burst)},
        {"FirstBurstLength", std::to_string(target_.first_burst)},
        {"ImmediateData", target_.immediate_data ? "Yes" : "No"},
        {"InitialR2T", target_.initial_r2t ? "Yes" : "No"},
    };
    for (auto& [name, value] : said_) {
        auto answer = answers.find(name);
        reply.emplace_back(name, answer == answers.end() ? value : answer->second);
        agreed[name] = reply.back().second;
    }
}

void Connection::answer(std::uint32_t tag, const ScsiAnswer& answer, std::size_t residual) {
    san::ScsiResponseHeader header;
    header.initiator_task_tag = tag;
    header.status = answer.status;
    header.response = answer.response;
    if (residual) header.flags |= san::ScsiResponseHeader::kUnderflow;
    header.residual_count = static_cast<std::uint32_t>(residual);
    std::string data;
    if (!answer.sense.empty()) {
        data = {'\0', static_cast<char>(answer.sense.size())};
        data += answer.sense;
    }
    reply(header, data);
}

void Connection::answer_read(std::uint32_t tag, const std::string& data, std::size_t expected) {
    std::size_t size = std::min(data.size(), expected);
    std::size_t residual = expected - size;
    std::uint32_t data_sn = 0;
    for (std::size_t at = 0; at < size;) {
        std::size_t length = std::min(target_.data_in_size, size - at);
        san::DataInHeader header;
        header.initiator_task_tag = tag;
        header.target_transfer_tag = san::kReservedTag;
        header.data_sn = data_sn++;
        header.buffer_offset = static_cast<std::uint32_t>(at);
        bool last = at + length == size;
        bool with_status = last && target_.status_in_data;
        if (last) header.flags = san::kFinal;
        if (with_status) header.flags |= san::DataInHeader::kStatus;
        if (with_status && residual) {
            header.flags |= san::DataInHeader::kUnderflow;
            header.residual_count = static_cast<std::uint32_t>(residual);
        }
        reply(header, data.substr(at, length), with_status ? Status::With : Status::Without);
        at += length;
    }
    if (!target_.status_in_data || size == 0) answer(tag, {}, residual);
}

static std::string inquiry(const Unit& unit, const san::ScsiCdb& cdb) {
    std::string data;
    if (cdb[1] & 1) {
        if (cdb[2] == 0x80) {
            data = {0, static_cast<char>(0x80), 0, static_cast<char>(unit.serial.size())};
            return data + unit.serial;
        }
        std::string designator = {1, 1, 0, static_cast<char>(unit.serial.size())};
        designator += unit.serial;
        data = {0, static_cast<char>(0x83), 0, static_cast<char>(designator.size())};
        return data + designator;
    }
    data.assign(36, ' ');
    data[0] = static_cast<char>(unit.qualifier << 5 | unit.device_type);
    data[4] = 31;
    return data;
}

static std::string be(std::uint64_t value, int size) {
    std::string text;
    for (int i = size - 1; i >= 0; --i) text += static_cast<char>(value >> (8 * i));
    return text;
}

static std::uint64_t from_be(const std::uint8_t* at, int size) {
    std::uint64_t value = 0;
    for (int i = 0; i < size; ++i) value = value << 8 | at[i];
    return value;
}

void Connection::handle_command(const Pdu& pdu) {
    auto command = pdu.as<san::ScsiCommandHeader>();
    std::uint32_t tag = command.initiator_task_tag;
    std::size_t expected = command.expected_data_transfer_length;
    const san::ScsiCdb& cdb = command.cdb;
    if (target_.on_command) {
        if (auto forced = target_.on_command(command)) {
            if (forced->data.empty()) return answer(tag, *forced, forced->status ? expected : 0);
            return answer_read(tag, forced->data, expected);
        }
    }
    if (cdb[0] == 0xa0) {
        std::string luns;
        for (auto& [number, unit] : target_.units) luns += be(number, 2) + std::string(6, '\0');
        return answer_read(tag, be(luns.size(), 4) + be(0, 4) + luns, expected);
    }
    auto found = target_.units.find(static_cast<unsigned>(command.lun.bytes[0] << 8 | command.lun.bytes[1]));
    if (found == target_.units.end()) {
        Unit nothing;
        nothing.qualifier = 3, nothing.device_type = 0x1f;
        if (cdb[0] == 0x12) return answer_read(tag, inquiry(nothing, cdb), expected);
        return answer(tag, {2, fixed_sense(5, 0x25, 0), {}}, expected);
    }
    Unit& unit = found->second;
    std::uint64_t blocks = unit.blocks ? unit.blocks : unit.disk.size() / unit.block_size;
    switch (cdb[0]) {
        case 0x00:
        case 0x1b:
        case 0x35: return answer(tag, {});
        case 0x12: return answer_read(tag, inquiry(unit, cdb), expected);
        case 0x1a: return answer_read(tag, {3, 0, static_cast<char>(unit.read_only ? 0x80 : 0), 0}, expected);
        case 0x25: return answer_read(tag, be(unit.huge ? 0xffffffff : blocks - 1, 4) + be(unit.block_size, 4), expected);
        case 0x9e: return answer_read(tag, be(blocks - 1, 8) + be(unit.block_size, 4) + std::string(20, '\0'), expected);
        default: break;
    }
    bool ten = cdb[0] == 0x28 || cdb[0] == 0x2a;
    std::uint64_t lba = ten ? from_be(&cdb[2], 4) : from_be(&cdb[2], 8);
    std::size_t size = static_cast<std::size_t>(ten ? from_be(&cdb[7], 2) : from_be(&cdb[10], 4)) * unit.block_size;
    std::size_t offset = static_cast<std::size_t>(lba) * unit.block_size % unit.disk.size();
    if (cdb[0] == 0x28 || cdb[0] == 0x88) {
        std::string data(reinterpret_cast<const char*>(unit.disk.data()) + offset, size);
        return answer_read(tag, data, expected);
    }
    Write write{command, std::string(size, '\0'), 0, size};
    std::memcpy(write.data.data(), pdu.data.data(), std::min(pdu.data.size(), size));
    write.have = write.asked = pdu.data.size();
    if (!(command.flags & san::kFinal)) write.asked = std::min<std::size_t>(size, target_.first_burst);
    go_on(tag, writes_[tag] = write);
}

void Connection::go_on(std::uint32_t tag, Write& write) {
    if (write.have == write.size) {
        Unit& unit = target_.units.at(write.command.lun.bytes[1]);
        bool ten = write.command.cdb[0] == 0x2a;
        std::size_t offset = static_cast<std::size_t>(from_be(&write.command.cdb[2], ten ? 4 : 8)) * unit.block_size;
        std::memcpy(unit.disk.data() + offset % unit.disk.size(), write.data.data(), write.size);
        writes_.erase(tag);
        return answer(tag, {});
    }
    if (write.have != write.asked) return;
    san::ReadyToTransferHeader header;
    std::size_t length = std::min<std::size_t>(write.size - write.have, target_.max_burst);
    header.lun = write.command.lun;
    header.initiator_task_tag = tag;
    header.target_transfer_tag = 0x1000 + write.r2t_sn;
    header.r2t_sn = write.r2t_sn++;
    header.buffer_offset = static_cast<std::uint32_t>(write.have);
    header.desired_data_transfer_length = static_cast<std::uint32_t>(length);
    write.asked += length;
    write.data_sn = 0;
    reply(header, {}, Status::Without);
}

void Connection::handle_data_out(const Pdu& pdu) {
    auto header = pdu.as<san::DataOutHeader>();
    auto found = writes_.find(header.initiator_task_tag);
    if (found == writes_.end()) return;
    Write& write = found->second;
    bool right = header.buffer_offset == write.have && pdu.data.size() <= write.asked - write.have &&
                 header.data_sn == write.data_sn++ && pdu.data.size() <= target_.max_recv &&
                 !!(header.flags & san::kFinal) == (write.have + pdu.data.size() == write.asked);
    if (!right) return reset();
    std::memcpy(write.data.data() + write.have, pdu.data.data(), pdu.data.size());
    write.have += pdu.data.size();
    go_on(header.initiator_task_tag, write);
}

Target::Target() {
    Unit disk;
    disk.disk.resize(2 << 20);
    for (std::size_t i = 0; i < disk.disk.size(); ++i) disk.disk[i] = static_cast<std::byte>(i / 512 * 7 + i);
    units[1] = std::move(disk);
}

util::Result<util::Owned<net::Stream>> Target::connect(const net::Ipv4Endpoint& remote) {
    connects.push_back(remote);
    auto pipe = std::make_shared<Pipe>();
    pipe->capacity = pipe_capacity;
    pipe->piece = pipe_piece;
    if (down) pipe->fail(kRefused);
    else connections.push_back(std::make_unique<Connection>(*this, pipe));
    auto stream = util::make_owned<Stream>(pipe);
    return util::Owned<net::Stream>(stream.take());
}

bool Target::poll(util::Instant) {
    bool moved = false;
    for (std::size_t i = 0; i < connections.size(); ++i) moved |= connections[i]->poll();
    return moved;
}

void Target::drop() {
    for (auto& connection : connections)
        if (connection->alive()) connection->reset();
}

std::size_t Target::count(IscsiOpcode opcode) const {
    std::size_t count = 0;
    for (const Pdu& pdu : received) count += pdu.opcode() == opcode;
    return count;
}

}  // namespace fake
