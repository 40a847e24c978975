// A small iSCSI target for tests: logs in with or without CHAP, serves disks from memory, and can be told to
// misbehave through hooks that see every PDU on its way in and out.
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "san/iscsi_pdu.h"
#include "tests/unit/san/fake_stream.h"
#include "util/loop.h"

namespace fake {

struct Pdu {
    san::IscsiHeader header;
    std::string data;

    san::IscsiOpcode opcode() const { return static_cast<san::IscsiOpcode>(header.opcode & san::kOpcodeMask); }
    template <class T>
    T as() const {
        return san::header_cast<T>(header);
    }
    template <class T>
    static Pdu of(const T& header, std::string data = {}) {
        return {san::header_cast<san::IscsiHeader>(header), std::move(data)};
    }
    // Changes fields of a header seen as its own type.
    template <class T, class Change>
    void edit(Change change) {
        T own = as<T>();
        change(own);
        header = san::header_cast<san::IscsiHeader>(own);
    }
};

using Keys = std::vector<std::pair<std::string, std::string>>;
Keys split_keys(const std::string& text);
std::string join_keys(const Keys& keys);

struct Unit {
    std::uint8_t device_type = 0;
    std::uint8_t qualifier = 0;
    std::uint32_t block_size = 512;
    bool read_only = false;
    bool huge = false;  // READ CAPACITY (10) says ffffffff
    std::uint64_t blocks = 0;
    std::string serial = "serial-1";
    std::vector<std::byte> disk;
};

struct ScsiAnswer {
    std::uint8_t status = 0;
    std::string sense;
    std::string data;  // for reads
    std::uint8_t response = 0;
};
// Fixed format, with the information field when it is not 0.
std::string fixed_sense(unsigned key, unsigned asc, unsigned ascq, std::uint32_t information = 0);

class Target;

class Connection {
  public:
    Connection(Target& target, std::shared_ptr<Pipe> pipe) : target_(target), pipe_(std::move(pipe)) {}
    bool poll();
    // Sends as it is, with the next StatSN left alone; goes through Target::on_send.
    void send(Pdu pdu);
    void send_raw(const std::string& bytes) { pipe_->to_client += bytes; }
    void close() { pipe_->server_closed = true; }
    void reset() { pipe_->fail(kReset); }
    bool alive() const { return pipe_->state == net::Stream::State::Open && !pipe_->server_closed; }
    Pipe& pipe() { return *pipe_; }

    // Fills StatSN (advancing it), ExpCmdSN and MaxCmdSN, then sends.
    enum class Status { Without, With };
    template <class T>
    void reply(T header, std::string data = {}, Status status = Status::With) {
        header.stat_sn = stat_sn;
        if (status == Status::With) ++stat_sn;
        numbers(header);
        send(Pdu::of(header, std::move(data)));
    }
    template <class T>
    void numbers(T& header) const {
        header.exp_cmd_sn = exp_cmd_sn;
        header.max_cmd_sn = exp_cmd_sn + window() - 1;
    }
    std::uint32_t window() const;
    void answer_read(std::uint32_t tag, const std::string& data, std::size_t expected);
    void answer(std::uint32_t tag, const ScsiAnswer& answer, std::size_t residual = 0);

    std::uint32_t stat_sn = 100;
    std::uint32_t exp_cmd_sn = 0;
    bool full_feature = false;
    Keys keys;                        // all that the initiator said
    std::map<std::string, std::string> agreed;

  private:
    struct Write {
        san::ScsiCommandHeader command;
        std::string data;
        std::size_t have = 0, size = 0;
        std::size_t asked = 0;  // up to where data has been asked for or may come unasked
        std::uint32_t r2t_sn = 0, data_sn = 0;
    };
    std::optional<Pdu> take_pdu();
    void handle(const Pdu& pdu);
    void handle_login(const Pdu& pdu);
    void login_keys(Keys& reply);
    bool chap(Keys& reply);
    void handle_command(const Pdu& pdu);
    void handle_data_out(const Pdu& pdu);
    void go_on(std::uint32_t tag, Write& write);
    std::string key(const std::string& name) const;

    Target& target_;
    Keys said_;  // the last whole text
    std::shared_ptr<Pipe> pipe_;
    std::string input_;
    std::string login_text_;
    std::string challenge_;
    bool authenticated_ = false;
    std::map<std::uint32_t, Write> writes_;
};

class Target final : public net::Connector, public util::Poller {
  public:
    Target();
    util::Result<util::Owned<net::Stream>> connect(const net::Ipv4Endpoint& remote) override;
    bool poll(util::Instant now) override;

    // Ends all connections, as a restart does; comes back when `down` is false.
    void drop();
    Connection* current() { return connections.empty() ? nullptr : connections.back().get(); }

    // What it is.
    std::map<unsigned, Unit> units;
    std::string user, secret, reverse_user, reverse_secret;
    bool base64_challenge = false;
    std::size_t challenge_size = 16;
    std::uint32_t max_recv = 8192, max_burst = 262144, first_burst = 65536;
    bool immediate_data = true, initial_r2t = true, digests = false;
    std::uint32_t command_window = 32;
    std::size_t data_in_size = 8192;       // of each Data-In PDU
    bool status_in_data = true;            // with the last Data-In, or in a SCSI Response
    std::uint16_t login_status = 0;
    std::string redirect;                  // TargetAddress for login_status 0101h

    // How it misbehaves.
    bool down = false;                     // connections are refused
    bool hang = false;                     // PDUs are not looked at
    std::function<bool(Connection&, const Pdu&)> on_pdu;             // true: seen to
    std::function<bool(Connection&, Pdu&)> on_send;                  // true: do not send
    std::function<std::optional<ScsiAnswer>(const san::ScsiCommandHeader&)> on_command;

    // What it has seen.
    std::vector<std::unique_ptr<Connection>> connections;
    std::vector<net::Ipv4Endpoint> connects;
    std::vector<Pdu> received;
    std::size_t count(san::IscsiOpcode opcode) const;
    std::size_t pipe_capacity = 1 << 20, pipe_piece = SIZE_MAX;
};

}  // namespace fake
