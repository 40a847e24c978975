#include "net/config/dhcp.h"

#include <algorithm>

#include "net/wire/pxe_options.h"

namespace net {

namespace {

using util::Duration;
using util::Instant;

constexpr unsigned kMessagesPerPoll = 8;
// REQUESTs to one server before others are asked again: it is gone, or its offer is.
constexpr unsigned kRequestsPerOffer = 4;
constexpr Duration kNakPause = Duration::seconds(1);
constexpr Duration kLinkPollInterval = Duration::milliseconds(50);
constexpr Duration kShortestRenewal = Duration::seconds(60);  // RFC 2131 section 4.4.5

constexpr const char* kOddityTexts[] = {
    "gave no netmask; guessed from the address's class",
    "gave a netmask with gaps; guessed from the address's class",
    "gave a gateway outside our subnet; using it all the same",
    "gave a gateway that is no other host's address; using none",
    "server did not name itself; using its sender address",
};

// PXE 2.1 section 2.2.3: an offer of boot information by a server that gives no addresses.
bool is_proxy_offer(const DhcpMessage& message) {
    return message.header.yiaddr.is_unspecified() &&
           message.options.text(dhcp_option::kVendorClass).starts_with(kPxeClient);
}

// 1, 2, 4, 8, 8, ... seconds, give or take an eighth so that machines powered on together spread (RFC 2131 section 4.1
// goes on to 64, which no boot has the patience for).
Duration backoff(unsigned transmissions, std::uint32_t random) {
    std::int32_t milliseconds = 1000 << std::min(transmissions - 1, 3u);
    std::int32_t jitter = milliseconds / 4;
    return Duration::milliseconds(milliseconds - jitter / 2 + static_cast<std::int32_t>(random % 1024) * jitter / 1024);
}

}  // namespace

util::Result<void> DhcpClient::start(const DhcpRequest& request, Instant now) {
    util::Buffer<kDhcpRequestBuffer> trial;
    DhcpOutgoing longest{.type = DhcpMessageType::Request,
                         .requested = Ipv4Address::broadcast(),
                         .server = Ipv4Address::broadcast()};
    request_ = request;
    if (write_dhcp_request(trial, request, longest).empty()) {
        request_ = {};  // the texts of the former one may be gone
        return kDhcpTooLong;
    }
    failure_ = nullptr;
    detail_.clear();
    has_lease_ = has_proxy_ = has_offer_ = heard_server_ = probing_ = false;
    conflicts_ = naks_ = 0;
    started_ = last_poll_ = now;
    patience_left_ = request.patience;
    patience_end_ = now + request.link_patience;
    state_ = State::AwaitLink;
    link_was_up_ = false;
    follow_link(now);
    return {};
}

void DhcpClient::stop() {
    lose_lease();
    probing_ = false;
    state_ = State::Idle;
}

void DhcpClient::release() {
    if (has_lease_) send(DhcpMessageType::Release, last_poll_);
    stop();
}

util::Result<void> DhcpClient::adopt(util::Bytes ack, Instant now) {
    auto message = parse_dhcp(ack);
    if (!message || message->header.op != kBootReply || unusable_lease(*message) ||
        (message->type != DhcpMessageType::Ack && message->type != DhcpMessageType::Bootp))
        return kDhcpBadReply;
    xid_ = message->header.xid;
    started_ = now;
    Ipv4Address next_server = message->header.siaddr;
    bind(std::move(*message), next_server, now);
    return {};
}

util::Bytes DhcpClient::write_discover(util::MutableBytes buffer) const {
    return write_dhcp_request(buffer, request_, {.type = DhcpMessageType::Discover, .xid = xid_, .mac = port_.mac()});
}

bool DhcpClient::poll(Instant now) {
    last_poll_ = now;
    bool progress = receive(now);
    if (state_ == State::Idle || state_ == State::Failed) return progress;
    progress |= follow_link(now);
    progress |= check_conflict(now);
    progress |= run_timers(now);
    return progress;
}

Instant DhcpClient::poll_at() const {
    switch (state_) {
        case State::Idle:
        case State::Failed: return Instant::never();
        case State::AwaitLink: return std::min(patience_end_, last_poll_ + kLinkPollInterval);
        case State::Selecting:
            if (has_offer_) return std::min(offer_held_until_, patience_end_);
            [[fallthrough]];
        case State::Requesting: return std::min(next_send_, patience_end_);
        default: return probing_ ? std::min(next_send_, probing_end_) : next_send_;
    }
}

bool DhcpClient::receive(Instant now) {
    for (unsigned count = 0; count < kMessagesPerPoll; ++count) {
        DhcpPort::Received received = port_.receive();
        if (!received.message) return count != 0;
        if (auto message = parse_dhcp(received.message.data())) take(std::move(*message), received.source, now);
    }
    return true;
}

void DhcpClient::take(DhcpMessage&& message, Ipv4Address sender, Instant now) {
    const DhcpHeader& header = message.header;
    MacAddress mac = port_.mac();
    if (header.op != kBootReply || header.xid != xid_ || std::memcmp(header.chaddr, &mac, sizeof mac) != 0) return;
    heard_server_ = true;
    Ipv4Address server = message.options.address(dhcp_option::kServerIdentifier);
    if (server.is_unspecified()) server = sender;
    if (message.type == DhcpMessageType::Offer && is_proxy_offer(message)) {
        if (!has_proxy_) proxy_ = std::move(message);
        has_proxy_ = true;
        offer_held_until_ = now;  // that is what an offer is held for
        return;
    }
    switch (message.type) {
        case DhcpMessageType::Offer: return take_offer(message, server, now);
        case DhcpMessageType::Nak: return take_nak(message, server, now);
        case DhcpMessageType::Ack:
        case DhcpMessageType::Bootp: return take_ack(std::move(message), sender, now);
        default: return;
    }
}

void DhcpClient::take_offer(const DhcpMessage& message, Ipv4Address server, Instant now) {
    if (state_ != State::Selecting) return;
    if (const char* why = unusable_lease(message)) {
        note("offer of ", server, why);
        return;
    }
    bool boots = message.has_boot_information();
    if (has_offer_ && !boots) return;
    offer_held_until_ = now;  // what is held for no time is asked for in this very poll
    if (!boots && !has_proxy_) offer_held_until_ = now + request_.wait_for_boot_offer;
    has_offer_ = true;
    offered_ = message.header.yiaddr;
    offering_server_ = server;
}

void DhcpClient::take_ack(DhcpMessage&& message, Ipv4Address sender, Instant now) {
    bool is_bootp = message.type == DhcpMessageType::Bootp;
    bool awaited = is_bootp ? state_ == State::Selecting && !has_offer_
                            : state_ == State::Requesting || (is_leased() && state_ != State::Bound);
    if (!awaited) return;
    const char* why = unusable_lease(message);
    if (!why && state_ == State::Requesting && message.header.yiaddr != offered_)
        why = "it acknowledged another address than it had offered";
    if (why) {
        note("answer of ", sender, why);
        if (state_ != State::Requesting) return;
        has_offer_ = false;
        state_ = State::Selecting;
        next_send_ = now + kNakPause;
        return;
    }
    if (is_bootp) {
        // One reply is all there is in BOOTP (RFC 1534): the address is asked for from here on.
        offered_ = message.header.yiaddr;
        offering_server_ = Ipv4Address();
        probe(offered_, now);
    }
    bind(std::move(message), sender, now);
}

void DhcpClient::take_nak(const DhcpMessage& message, Ipv4Address server, Instant now) {
    std::string_view reason = message.options.text(dhcp_option::kMessage);
    if (state_ == State::Requesting ? server != offering_server_ : !is_leased() || state_ == State::Bound) return;
    note("request refused by ", server, "");
    detail_.text(reason);
    log_detail("DHCP ");
    bool had_lease = is_leased();
    lose_lease();
    if (had_lease) patience_end_ = now + request_.patience;
    select(now);
    // A server that offers and refuses by turns must not keep us busy.
    if (++naks_ > 1) next_send_ = now + kNakPause;
}

bool DhcpClient::follow_link(Instant now) {
    bool up = port_.link_up();
    if (up == link_was_up_) return false;
    link_was_up_ = up;
    if (up && state_ == State::AwaitLink) {
        patience_end_ = now + patience_left_;
        select(now);
    } else if (!up && (state_ == State::Selecting || state_ == State::Requesting)) {
        patience_left_ = std::max(patience_end_ - now, Duration());
        patience_end_ = now + request_.link_patience;
        state_ = State::AwaitLink;
    }
    return true;
}

bool DhcpClient::check_conflict(Instant now) {
    if (!probing_) return false;
    if (auto owner = port_.conflict()) {
        give_back(*owner, now);
        return true;
    }
    if (state_ != State::Requesting && now >= probing_end_) probing_ = false;
    return false;
}

// RFC 2131 section 3.1 number 5. The ten seconds it would wait then are spared: there are few attempts.
void DhcpClient::give_back(MacAddress owner, Instant now) {
    probing_ = false;
    note("", offered_, "in use by ");
    detail_.text(to_text(owner).view());
    log_detail("DHCP address declined: ");
    bool had_lease = is_leased();
    lose_lease();
    state_ = State::Selecting;
    if (!offering_server_.is_unspecified()) send(DhcpMessageType::Decline, now);
    if (++conflicts_ >= kMaximumConflicts) return fail(kDhcpConflict);
    if (had_lease) patience_end_ = now + request_.patience;
    select(now);
}

bool DhcpClient::run_timers(Instant now) {
    bool waiting = state_ == State::AwaitLink || state_ == State::Selecting || state_ == State::Requesting;
    if (waiting && now >= patience_end_) {
        if (state_ == State::AwaitLink)
            fail(kDhcpNoLink);
        else
            fail(heard_server_ ? kDhcpNoLease : kDhcpNoServer);
        return true;
    }
    if (state_ == State::Selecting && has_offer_ && now >= offer_held_until_) {
        request_offered(now);
        return true;
    }
    if (state_ == State::AwaitLink || now < next_send_) return false;
    if (state_ == State::Selecting) {
        send_with_backoff(DhcpMessageType::Discover, now);
    } else if (state_ == State::Requesting) {
        if (transmissions_ < kRequestsPerOffer)
            send_with_backoff(DhcpMessageType::Request, now);
        else
            select(now);
    } else if (is_leased()) {
        run_lease_timers(now);
    }
    return true;
}

// RFC 2131 section 4.4.5. Half of what is left to the next stage goes by between two requests.
void DhcpClient::run_lease_timers(Instant now) {
    Instant rebinding = lease_.obtained + lease_.rebinding, expiry = lease_.obtained + lease_.duration;
    if (state_ == State::Bound) xid_ = random_.u32();
    Instant stage_end = Instant::never();
    if (now < rebinding) {
        state_ = State::Renewing;
        stage_end = rebinding;
    } else if (now < expiry) {
        state_ = State::Rebinding;
        stage_end = expiry;
    } else if (state_ != State::Expired) {
        state_ = State::Expired;
        log("the DHCP lease has expired; ", "going on with its address until a server answers");
    }
    send(DhcpMessageType::Request, now);
    Instant next = now + kShortestRenewal;
    if (state_ != State::Expired) next = std::min(stage_end, std::max(next, now + (stage_end - now) / 2));
    next_send_ = next;
}

// Back to the start: any server's offer is welcome.
void DhcpClient::select(Instant now) {
    state_ = State::Selecting;
    has_offer_ = probing_ = false;
    transmissions_ = 0;
    xid_ = random_.u32();  // late answers to what was given up are not ours
    next_send_ = now;
    if (naks_ == 0) send_with_backoff(DhcpMessageType::Discover, now);
}

void DhcpClient::request_offered(Instant now) {
    state_ = State::Requesting;
    transmissions_ = 0;
    // The answer to the probe comes while the server is still thinking.
    probe(offered_, now);
    send_with_backoff(DhcpMessageType::Request, now);
}

void DhcpClient::probe(Ipv4Address address, Instant now) {
    port_.probe(address, now);
    probing_ = true;
    probing_end_ = now + kConflictWindow;
}

void DhcpClient::bind(DhcpMessage&& message, Ipv4Address sender, Instant now) {
    bool renewed = is_leased();
    lease_ = make_lease(std::move(message), sender, now);
    has_lease_ = true;
    has_offer_ = false;
    state_ = State::Bound;
    next_send_ = lease_.duration.s() >= DhcpLease::kForever ? Instant::never() : now + lease_.renewal;
    probing_end_ = now + kConflictWindow;
    port_.configure(lease_);
    if (!renewed) log_lease();
}

void DhcpClient::log(const char* what, const char* more) const {
    std::string_view name = port_.name();
    LOG("%v: %s%s", &name, what, more);
}

void DhcpClient::log_detail(const char* what) const {
    std::string_view name = port_.name();
    LOG("%v: %s%t", &name, what, detail_.self());
}

// What is as it should be is for the command to say.
void DhcpClient::log_lease() const {
    for (unsigned oddity = 0; oddity < std::size(kOddityTexts); ++oddity)
        if (lease_.has(static_cast<DhcpOddity>(oddity))) log("DHCP ", kOddityTexts[oddity]);
}

void DhcpClient::note(const char* what, Ipv4Address who, const char* why) {
    auto address = to_text(who);
    detail_.clear();
    detail_.format("%s%t: %s", what, address.self(), why);
}

void DhcpClient::fail(const util::Failure& failure) {
    state_ = State::Failed;
    failure_ = &failure;
    probing_ = has_offer_ = false;
}

void DhcpClient::lose_lease() {
    if (has_lease_) port_.deconfigure();
    has_lease_ = false;
}

void DhcpClient::send_with_backoff(DhcpMessageType type, Instant now) {
    send(type, now);
    next_send_ = now + backoff(++transmissions_, random_.u32());
}

bool DhcpClient::send(DhcpMessageType type, Instant now) {
    DhcpOutgoing outgoing{.type = type, .xid = xid_, .mac = port_.mac()};
    outgoing.seconds = static_cast<std::uint16_t>(std::min<std::int64_t>((now - started_).s(), 0xffff));
    Ipv4Address source, destination = Ipv4Address::broadcast();
    if (is_leased()) {
        // Renewing and releasing name the address as ours, and go to its server as long as that is to answer.
        outgoing.client = source = lease_.address;
        if (type == DhcpMessageType::Release) outgoing.server = lease_.server;
        if (state_ == State::Renewing || type == DhcpMessageType::Release) destination = lease_.server;
    } else {
        if (port_.needs_broadcast()) outgoing.flags = kDhcpFlagBroadcast;
        if (type != DhcpMessageType::Discover) {
            outgoing.requested = offered_;
            outgoing.server = offering_server_;
        }
    }
    util::Buffer<kDhcpRequestBuffer> buffer;
    util::Bytes message = write_dhcp_request(buffer, request_, outgoing);
    return !message.empty() && port_.send(source, destination, message);
}

}  // namespace net
