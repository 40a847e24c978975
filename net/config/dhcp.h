// The DHCP client (RFC 2131): one polled state machine for each interface, so that several ask at the same time.
//
// A plain lease costs two round trips and no waiting: the first usable offer is taken when it comes; whether somebody
// else has the address is asked by ARP together with the REQUEST, and an answer up to kConflictWindow after that
// gives the lease back, also when it was put to use already. Renewal goes on in poll() for as long as the client lives.
#pragma once

#include "net/config/dhcp_lease.h"
#include "net/config/dhcp_port.h"
#include "net/config/dhcp_request.h"
#include "net/random.h"
#include "util/loop.h"

namespace net {

inline constexpr util::Failure kDhcpNoServer{util::code::kConfig + 1, "no DHCP server answered"};
inline constexpr util::Failure kDhcpNoLink{util::code::kConfig + 2, "the link is down: is the cable plugged in"};
inline constexpr util::Failure kDhcpNoLease{util::code::kConfig + 3, "DHCP servers answered, but gave no usable lease"};
inline constexpr util::Failure kDhcpConflict{util::code::kConfig + 4, "the address is in use by another machine"};
inline constexpr util::Failure kDhcpBadReply{util::code::kConfig + 5, "not a DHCP acknowledgement with a usable lease"};
inline constexpr util::Failure kDhcpTooLong{util::code::kConfig + 6, "the DHCP options to send are too long"};

class DhcpClient final : public util::Poller {
  public:
    enum class State {
        Idle,        // never started, or stopped
        AwaitLink,
        Selecting,   // DISCOVER sent
        Requesting,  // REQUEST sent
        Bound,       // lease() is there and in use
        Renewing,    // likewise; its server is being asked for more time
        Rebinding,   // likewise; any server is being asked
        Expired,     // likewise: the address stays in use, for disks depend on it, and servers go on being asked
        Failed,      // failure() says why
    };
    static constexpr util::Duration kConflictWindow = util::Duration::milliseconds(200);
    static constexpr unsigned kMaximumConflicts = 3;

    DhcpClient(DhcpPort& port, Random& random) : port_(port), random_(random) {}

    // Begins anew, whatever was before; how the interface is configured stays until there is a new lease. Failure:
    // kDhcpTooLong. What happens then is seen in state().
    util::Result<void> start(const DhcpRequest& request, util::Instant now);
    // Forgets the lease and takes the address away. Nothing is sent.
    void stop();
    // Likewise, and gives the lease back to the server (RFC 2131 section 4.4.6).
    void release();
    // Takes over a lease that somebody else, a PXE ROM say, has got: its ACK as it was on the wire.
    // Failure: kDhcpBadReply.
    util::Result<void> adopt(util::Bytes ack, util::Instant now);

    State state() const { return state_; }
    bool has_lease() const { return has_lease_; }
    bool finished() const { return has_lease_ || state_ == State::Failed || state_ == State::Idle; }
    // Precondition: State::Failed.
    const util::Failure& failure() const { return *failure_; }
    // More about the failure, for people: which server, which machine. May be empty.
    std::string_view detail() const { return detail_.view(); }
    // Precondition: has_lease(). Changes when state() does.
    const DhcpLease& lease() const {
        ASSERT(has_lease_);
        return lease_;
    }
    // The DISCOVER that began it, as it was sent but for its time. Empty: the buffer (kDhcpRequestBuffer) is too small.
    util::Bytes write_discover(util::MutableBytes buffer) const;
    // The proxyDHCP offer (PXE 2.1 section 2.2.3) that came meanwhile; null: none.
    const DhcpMessage* proxy_offer() const { return has_proxy_ ? &proxy_ : nullptr; }
    // What it has answered since to more questions.
    void set_proxy(DhcpMessage&& answer) {
        proxy_ = std::move(answer);
        has_proxy_ = true;
    }
    // The one that says what to boot: a proxyDHCP's, if the lease names no file. Precondition: has_lease().
    const DhcpMessage& boot_message() const { return has_proxy_ && lease_.filename().empty() ? proxy_ : lease_.message; }
    // Whether lease or proxyDHCP say what to boot.
    bool boots() const { return has_proxy_ || (has_lease_ && lease_.message.has_boot_information()); }

    bool poll(util::Instant now) override;
    util::Instant poll_at() const override;

  private:
    bool receive(util::Instant now);
    void take(DhcpMessage&& message, Ipv4Address sender, util::Instant now);
    void take_offer(const DhcpMessage& message, Ipv4Address server, util::Instant now);
    void take_ack(DhcpMessage&& message, Ipv4Address sender, util::Instant now);
    void take_nak(const DhcpMessage& message, Ipv4Address server, util::Instant now);

    bool follow_link(util::Instant now);
    bool check_conflict(util::Instant now);
    void give_back(MacAddress owner, util::Instant now);
    bool run_timers(util::Instant now);
    void run_lease_timers(util::Instant now);

    void select(util::Instant now);
    void request_offered(util::Instant now);
    void probe(Ipv4Address address, util::Instant now);
    void bind(DhcpMessage&& message, Ipv4Address sender, util::Instant now);
    void note(const char* what, Ipv4Address who, const char* why);
    void log(const char* what, const char* more) const;
    void log_detail(const char* what) const;
    void log_lease() const;
    void fail(const util::Failure& failure);
    void lose_lease();
    void send_with_backoff(DhcpMessageType type, util::Instant now);
    bool send(DhcpMessageType type, util::Instant now);
    bool is_leased() const { return state_ >= State::Bound && state_ <= State::Expired; }

    DhcpPort& port_;
    Random& random_;
    State state_ = State::Idle;
    const util::Failure* failure_ = nullptr;

    std::uint32_t xid_ = 0;
    util::Instant started_;          // of this attempt, for the secs field
    util::Instant patience_end_;     // of waiting for the link, or for servers
    util::Duration patience_left_;   // while the link is down
    util::Instant next_send_;        // retransmission, or the lease's next timer
    util::Instant last_poll_;
    unsigned transmissions_ = 0;     // of the present message
    bool link_was_up_ = false;
    bool heard_server_ = false;      // some reply came, usable or not

    // The offer that is going to be, or was, asked for.
    bool has_offer_ = false;
    Ipv4Address offered_, offering_server_;
    util::Instant offer_held_until_;

    bool probing_ = false;
    util::Instant probing_end_;      // until when an answer counts
    unsigned conflicts_ = 0;
    unsigned naks_ = 0;

    bool has_lease_ = false;
    bool has_proxy_ = false;
    // What is large comes last: code is shorter that reaches the others.
    util::Text<160> detail_;  // of the failure, or of what may become one
    DhcpRequest request_;
    DhcpLease lease_;
    DhcpMessage proxy_;
};

}  // namespace net
