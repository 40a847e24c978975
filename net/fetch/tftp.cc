#include "net/fetch/tftp.h"

#include <algorithm>

namespace net {

using namespace std::string_view_literals;

namespace {

using util::Duration;
using util::Instant;

constexpr unsigned kPacketsPerPoll = 64;
constexpr std::size_t kHeaders = 20 + 8 + 4;  // IPv4, UDP, TFTP DATA
constexpr std::size_t kLongestRequest = 512;
// 0.5, 1, 2, 4, 4, ... seconds; about half a minute altogether.
constexpr unsigned kMaximumTimeouts = 9;
constexpr Duration kFirstTimeout = Duration::milliseconds(500);
constexpr unsigned kLongestTimeoutShift = 3;
// Pauses before a transfer is begun anew: 2, 4, 8 seconds, in which a server comes up.
constexpr unsigned kMostAnew = 3;
constexpr Duration kFirstPause = Duration::seconds(2);

const util::Failure& failure_of(std::uint16_t error) {
    switch (static_cast<TftpError>(error)) {
        case TftpError::FileNotFound: return kTftpNoFile;
        case TftpError::AccessViolation: return kTftpDenied;
        default: return kTftpError;
    }
}

// What a server says goes to the console: without its control characters.
void append_printable(util::TextSink& target, std::string_view text) {
    for (char c : text) target.character(c >= ' ' && c <= '~' ? c : '?');
}

}  // namespace

TftpTransfer::TftpTransfer(DatagramSocket& socket, FetchSink& sink, DatagramService::Path path)
    : socket_(socket), sink_(sink) {
    std::size_t room = path.mtu > kHeaders ? path.mtu - kHeaders : 0;
    wanted_block_size_ = static_cast<std::uint16_t>(
        std::clamp<std::size_t>(room, kTftpDefaultBlockSize, kLargestBlock));
    // A quarter of the ring is left for whatever else arrives meanwhile.
    wanted_window_ = static_cast<std::uint16_t>(
        std::clamp<std::size_t>(path.receive_capacity - path.receive_capacity / 4, 1, kLargestWindow));
}

TftpTransfer::~TftpTransfer() {
    if (phase_ == Phase::Receiving) send_error(server_, TftpError::Undefined, "cancelled"sv);
}

util::Result<void> TftpTransfer::start(const Ipv4Endpoint& server, std::string_view filename, Instant now) {
    util::Buffer<kLongestRequest> trial;
    if (filename.empty() || write_tftp_request(trial, filename, {kLargestBlock, kLargestWindow, 0}).empty())
        return kTftpBadName;
    TRY(filename_.assign(filename));
    server_ = server;
    phase_ = Phase::Requested;
    request(now);
    return {};
}

util::Result<void> TftpTransfer::result() const {
    ASSERT(done());
    if (failure_) return *failure_;
    return {};
}

void TftpTransfer::request(Instant now) {
    TftpOptions options;
    if (with_options_) {
        options.block_size = wanted_block_size_;
        options.transfer_size = 0;
        if (wanted_window_ > 1) options.window_size = wanted_window_;
    }
    util::Buffer<kLongestRequest> buffer;
    socket_.send(server_, write_tftp_request(buffer, filename_, options));
    retry_at_ = now + kFirstTimeout * (1 << std::min(timeouts_, kLongestTimeoutShift));
}

bool TftpTransfer::poll(Instant now) {
    bool progress = false;
    for (unsigned count = 0; count < kPacketsPerPoll && !done(); ++count) {
        DatagramSocket::Received received = socket_.receive();
        if (!received.payload) break;
        progress = true;
        if (auto packet = parse_tftp(received.payload.data())) take(*packet, received.remote, now);
    }
    if (phase_ == Phase::Requested && socket_.refused()) {
        fail(kTftpRefused);
        return true;
    }
    if (phase_ != Phase::Idle && !done() && now >= retry_at_) {
        time_out(now);
        progress = true;
    }
    return progress;
}

Instant TftpTransfer::poll_at() const { return phase_ == Phase::Idle || done() ? Instant::never() : retry_at_; }

void TftpTransfer::take(const TftpPacket& packet, const Ipv4Endpoint& remote, Instant now) {
    if (remote.address != server_.address) return;
    if (phase_ == Phase::Receiving && remote.port != server_.port) {
        // RFC 1350 section 4: an answer to a repeated request, say. It must not disturb this transfer.
        if (packet.opcode != TftpOpcode::Error) send_error(remote, TftpError::UnknownTransferId, "another transfer"sv);
        return;
    }
    switch (packet.opcode) {
        case TftpOpcode::Data: return take_data(packet, remote, now);
        case TftpOpcode::OptionAck: return take_options(packet, remote, now);
        default: return take_error(packet, now);
    }
}

void TftpTransfer::take_options(const TftpPacket& packet, const Ipv4Endpoint& remote, Instant now) {
    if (phase_ == Phase::Receiving) {
        if (with_options_ && received_ == 0 && last_block_ == 0) acknowledge(now);  // ours was lost
        return;
    }
    server_ = remote;
    std::uint16_t block_size = packet.options.block_size.value_or(kTftpDefaultBlockSize);
    std::uint16_t window = packet.options.window_size.value_or(1);
    bool fair = with_options_ && block_size >= kTftpMinimumBlockSize &&
                block_size <= std::max(wanted_block_size_, kTftpDefaultBlockSize) && window >= 1 &&
                window <= wanted_window_;
    if (!fair) return abort(TftpError::OptionRefused, "that was not asked for"sv, kTftpNonsense);
    block_size_ = block_size;
    window_ = window;
    // Servers that do not know say 0.
    if (packet.options.transfer_size.value_or(0)) announced_ = packet.options.transfer_size;
    phase_ = Phase::Receiving;
    acknowledge(now);
}

void TftpTransfer::take_data(const TftpPacket& packet, const Ipv4Endpoint& remote, Instant now) {
    if (packet.data.size() > block_size_) return;
    // A server without options answers with the first block at once (RFC 2347).
    if (phase_ == Phase::Requested && packet.block != 1) return;
    phase_ = Phase::Receiving;
    server_ = remote;
    auto ahead = static_cast<std::uint16_t>(packet.block - last_block_);
    if (ahead == 1) {
        gap_reported_ = false;
        timeouts_ = 0;
        auto taken = begin_once();
        if (taken.ok()) taken = sink_.write(packet.data);
        if (!taken.ok()) return abort(TftpError::DiskFull, "no room for the file"sv, taken.failure());
        ++last_block_;
        received_ += packet.data.size();
        bool last = packet.data.size() < block_size_;
        if (++since_ack_ >= window_ || last) acknowledge(now);
        retry_at_ = now + kFirstTimeout;
        if (last) finish();
        return;
    }
    // The end of what was sent before means that our ACK was lost; a gap, that a block was (RFC 7440 section 4).
    // Either is said once, or every repetition would be answered by another one.
    bool repeated_end = ahead == 0 && since_ack_ == 0;
    bool gap = ahead > 1 && ahead <= window_ && !gap_reported_;
    if (!repeated_end && !gap) return;
    gap_reported_ = gap_reported_ || gap;
    acknowledge(now);
}

void TftpTransfer::take_error(const TftpPacket& packet, Instant now) {
    server_text_.clear();
    append_printable(server_text_, packet.text);
    bool options_refused = packet.error == static_cast<std::uint16_t>(TftpError::OptionRefused);
    if (phase_ == Phase::Requested && with_options_ && options_refused) {
        with_options_ = false;
        wanted_window_ = 1;
        timeouts_ = 0;
        return request(now);
    }
    if (begins_tftp_anew() && phase_ == Phase::Receiving && packet.error == static_cast<std::uint16_t>(TftpError::UnknownTransferId))
        return fail(kTftpStalled);
    fail(failure_of(packet.error));
}

util::Result<void> TftpTransfer::begin_once() {
    if (has_begun_) return {};
    has_begun_ = true;
    return sink_.begin(announced_);
}

// The last ACK is sent already. If it is lost the server's repetition finds a closed port, which tells it as much; what
// RFC 1350 section 6 calls dallying would only keep people waiting.
void TftpTransfer::finish() {
    if (announced_ && received_ < *announced_) return fail(kTftpShort);
    phase_ = Phase::Done;
}

void TftpTransfer::acknowledge(Instant now) {
    util::Buffer<4> buffer;
    socket_.send(server_, write_tftp_ack(buffer, last_block_));
    since_ack_ = 0;
    retry_at_ = now + kFirstTimeout * (1 << std::min(timeouts_, kLongestTimeoutShift));
}

void TftpTransfer::time_out(Instant now) {
    if (++timeouts_ > kMaximumTimeouts) {
        if (phase_ == Phase::Requested) return fail(kTftpTimedOut);
        return abort(TftpError::Undefined, "timed out"sv, kTftpStalled);
    }
    // A server's port for one transfer does not come back. Said twice, as a router's message may be of the moment.
    if (begins_tftp_anew() && phase_ == Phase::Receiving && timeouts_ > 1 && socket_.refused()) return fail(kTftpStalled);
    gap_reported_ = false;
    if (phase_ == Phase::Requested)
        request(now);
    else
        acknowledge(now);
}

void TftpTransfer::fail(const util::Failure& failure) {
    phase_ = Phase::Failed;
    failure_ = &failure;
}

void TftpTransfer::abort(TftpError error, std::string_view text, const util::Failure& failure) {
    send_error(server_, error, text);
    fail(failure);
}

void TftpTransfer::send_error(const Ipv4Endpoint& to, TftpError error, std::string_view text) {
    util::Buffer<64> buffer;
    socket_.send(to, write_tftp_error(buffer, error, text));
}

static util::Result<void> transfer_once(FetchContext& context, const Ipv4Endpoint& server, std::string_view filename, FetchSink& sink) {
    auto way = TRY(context.datagrams.path(server.address));
    auto socket = TRY(context.datagrams.open(TftpTransfer::kLargestWindow));
    TftpTransfer transfer(*socket, sink, way);
    TRY(transfer.start(server, filename, context.loop.now()));
    context.loop.add(transfer);
    TRY(context.loop.run_until([&] { return transfer.done(); }, util::Instant::never()));
    if (!transfer.result().ok()) context.detail.text(transfer.server_text());
    return transfer.result();
}

util::Result<void> fetch_tftp(FetchContext& context, const Uri& uri, FetchSink& sink, const FetchRequest&) {
    std::string_view path = uri.path();
    if (path.starts_with('/')) path.remove_prefix(1);
    util::String filename;
    TRY(append_percent_decoded(filename, path));
    Ipv4Address address = TRY(resolve_host(context, uri));
    Ipv4Endpoint server{address, uri.port().value_or(kTftpPort)};
    for (unsigned anew = 0;; ++anew) {
        util::Result<void> result = transfer_once(context, server, filename, sink);
        if (!begins_tftp_anew() || result.ok()) return result;
        const util::Failure* failure = &result.failure();
        bool is_away = failure == &kTftpStalled || (anew && (failure == &kTftpTimedOut || failure == &kTftpRefused));
        if (!is_away) return result;
        if (anew == kMostAnew) return kTftpStalled;
        TRY(context.loop.sleep(kFirstPause * (1 << anew)));
    }
}

}  // namespace net
