// Names to IPv4 addresses by DNS (RFC 1035): resolve() for stories, DnsQuery for what is polled (iSCSI reconnecting).
//
// Every server is asked in turn, with growing patience; a name without a dot is tried in the search domains first, one
// with a dot last. Ports and ids are random, and only what a server of ours says counts.
#pragma once

#include "net/datagram.h"
#include "net/random.h"
#include "net/wire/dns.h"
#include "util/loop.h"

namespace net {

inline constexpr util::Failure kDnsNoServer{util::code::kConfig + 16, "no DNS server is configured"};
inline constexpr util::Failure kDnsBadName{util::code::kConfig + 17, "not a valid host name"};
inline constexpr util::Failure kDnsNoSuchName{util::code::kConfig + 18, "there is no such host name"};
inline constexpr util::Failure kDnsNoAddress{util::code::kConfig + 19, "the host name has no IPv4 address"};
inline constexpr util::Failure kDnsServerFailure{util::code::kConfig + 20, "the DNS server could not answer"};
inline constexpr util::Failure kDnsTimedOut{util::code::kConfig + 21, "the DNS server does not answer"};

struct DnsSettings {
    static constexpr std::size_t kMaximumServers = 4;
    Ipv4Address servers[kMaximumServers];
    std::size_t server_count = 0;
    util::Text<256> search;  // domains, separated by spaces
};

class DnsQuery final : public util::Poller {
  public:
    enum class State { Idle, Asking, Found, Failed };

    // The settings are used as they are at each step.
    DnsQuery(DatagramService& datagrams, Random& random, const DnsSettings& settings)
        : datagrams_(datagrams), random_(random), settings_(settings) {}

    // Begins; a dotted quad is found at once, without a server. How it went is seen in state().
    void start(std::string_view name, util::Instant now);
    State state() const { return state_; }
    // Precondition: State::Found.
    Ipv4Address address() const { return address_; }
    // Precondition: State::Failed.
    const util::Failure& failure() const { return *failure_; }
    // The server that failed or was silent last, or unspecified.
    Ipv4Address server() const { return asked_; }

    bool poll(util::Instant now) override;
    util::Instant poll_at() const override;

  private:
    void next_candidate(util::Instant now);
    bool make_candidate(unsigned index);
    void ask(std::string_view name, util::Instant now);
    void send(util::Instant now);
    void next_server(util::Instant now);
    bool is_server(const Ipv4Endpoint& remote) const;
    void take(const DnsReply& reply, util::Instant now);
    void fail(const util::Failure& failure);

    DatagramService& datagrams_;
    Random& random_;
    const DnsSettings& settings_;
    State state_ = State::Idle;
    util::Owned<DatagramSocket> socket_;
    unsigned candidate_ = 0;
    unsigned aliases_ = 0;
    unsigned tries_ = 0;     // of name_; which server and how long follow from it
    std::uint16_t id_ = 0;
    util::Instant next_try_;
    Ipv4Address asked_;
    bool heard_failure_ = false;  // some server said that it could not answer
    const util::Failure* unfound_ = nullptr;  // why the candidates before were no good
    const util::Failure* failure_ = nullptr;
    Ipv4Address address_;
    DnsName wanted_;   // as given
    DnsName name_;     // asked for now: with a search domain, or an alias
};

struct DnsContext {
    util::Loop& loop;
    DatagramService& datagrams;
    Random& random;
    const DnsSettings& settings;
    util::Text<200> detail;  // of a failure: the name and the server
};

// The address of a host name or dotted quad. Failure: those above, kTimedOut at the deadline, kCancelled.
util::Result<Ipv4Address> resolve(DnsContext& context, std::string_view name, util::Instant deadline);

}  // namespace net
