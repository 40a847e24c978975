#include "net/pxe/pxe_tftp.h"

#include <algorithm>

#include "net/fetch/file_stream.h"
#include "net/fetch/http_requester.h"
#include "net/pxe/pxe_calls.h"
#include "net/wire/dhcp.h"

namespace net {

namespace {

using pxe::Status;

// Programs ask for 512 to 1456 bytes. A piece of any size can be given.
constexpr std::uint16_t kSmallestPacket = kTftpDefaultBlockSize;
constexpr std::uint16_t kLargestPacket = 8192;

Status status_of(const util::Failure& failure) {
    struct Meaning {
        const util::Failure* failure;
        Status status;
    };
    static constexpr Meaning kMeanings[] = {
        {&kTftpNoFile, Status::TftpFileNotFound},     {&kTftpDenied, Status::TftpAccessViolation},
        {&kTftpTimedOut, Status::TftpOpenTimeout},    {&kTftpStalled, Status::TftpReadTimeout},
        {&kTftpError, Status::TftpErrorOpcode},       {&util::kOutOfMemory, Status::OutOfResources},
        {&kFileTooBig, Status::TftpCannotRead},
    };
    for (const Meaning& meaning : kMeanings)
        if (meaning.failure == &failure) return meaning.status;
    return Status::TftpCannotOpen;
}

}  // namespace

Status pxe_file_status(const util::Failure& failure) {
    if (&failure == &kHttpNotFound) return Status::TftpFileNotFound;
    if (&failure == &kHttpForbidden || &failure == &kHttpUnauthorized) return Status::TftpAccessViolation;
    return status_of(failure);
}

namespace {

Ipv4Endpoint server_of(Ipv4Address server, std::uint16_t port) { return {server, port ? port : kTftpPort}; }

std::string_view name_of(const char (&field)[pxe::kFileNameSize]) {
    return text_until_nul(std::as_bytes(std::span(field)));
}

// Straight into the program's memory.
class GuestSink final : public FetchSink {
  public:
    GuestSink(PxeApi& api, std::uint32_t address, std::size_t room) : api_(api), address_(address), room_(room) {}
    util::Result<void> begin(std::optional<std::uint64_t>) override { return {}; }
    util::Result<void> write(util::Bytes data) override {
        if (data.empty()) return {};
        if (data.size() > room_ - size_) return kFileTooBig;
        util::MutableBytes target = api_.map(std::uint64_t{address_} + size_, data.size());
        if (target.empty()) return kFileTooBig;
        std::memcpy(target.data(), data.data(), data.size());
        size_ += data.size();
        return {};
    }
    std::uint32_t size() const { return static_cast<std::uint32_t>(size_); }

  private:
    PxeApi& api_;
    std::uint32_t address_;
    std::size_t room_, size_ = 0;
};

// Only wants to know the size.
constexpr util::Failure kSizeKnown{util::code::kFetch + 30, "the size is known"};
class SizeSink final : public FetchSink {
  public:
    util::Result<void> begin(std::optional<std::uint64_t> announced) override {
        size = announced;
        return kSizeKnown;
    }
    util::Result<void> write(util::Bytes) override { return kSizeKnown; }
    std::optional<std::uint64_t> size;
};

util::Result<void> transfer_all(PxeApi& api, const Ipv4Endpoint& server, std::string_view name, FetchSink& sink) {
    TRY(api.open_interface());
    PxeTransfer transfer;
    TRY(transfer.start(api.parts.fetch, server, name, sink));
    std::size_t nothing = 0;
    transfer.run(api.loop(), nothing, 1);
    return transfer.result();
}

util::Result<void> open(PxeApi& api, const pxe::TftpOpen& call) {
    PxeTftp& tftp = api.tftp;
    TRY(api.open_interface());
    TRY(tftp.fifo.allocate());
    TRY(tftp.transfer.start(api.parts.fetch, server_of(call.server, call.port), name_of(call.filename), tftp.fifo));
    tftp.transfer.run(api.loop(), tftp.fifo.count(), 1);
    if (tftp.transfer.done()) return tftp.transfer.result();
    return {};
}

}  // namespace

util::Result<void> PxeTransfer::start(FetchContext& context, const Ipv4Endpoint& server, std::string_view filename,
                                      FetchSink& sink) {
    auto way = TRY(context.datagrams.path(server.address));
    socket_ = TRY(context.datagrams.open(TftpTransfer::kLargestWindow));
    transfer_.emplace(*socket_, sink, way);
    return transfer_->start(server, filename, context.loop.now());
}

void PxeTransfer::stop() {
    transfer_.reset();
    socket_.reset();
}

void PxeTransfer::run(util::Loop& loop, const std::size_t& counter, std::size_t enough) {
    loop.add(*transfer_);
    // It has timeouts of its own.
    (void)loop.run_until([&] { return transfer_->done() || counter >= enough; }, util::Instant::never());
    transfer_->unlink();
}

util::Result<void> PxeFifo::write(util::Bytes data) {
    if (data.size() > kRoom - count_) return kFileTooBig;
    if (data.size() > kRoom - begin_ - count_) {
        std::memmove(bytes_.data(), bytes_.data() + begin_, count_);
        begin_ = 0;
    }
    if (!data.empty()) std::memcpy(bytes_.data() + begin_ + count_, data.data(), data.size());
    count_ += data.size();
    return {};
}

namespace {

// TFTP by the pieces: what has arrived waits in a queue, and nothing is acknowledged while nobody asks.
class TftpStream final : public FileStream {
  public:
    explicit TftpStream(FetchContext& context) : context_(context) {}
    util::Result<void> open(const Uri& uri) {
        std::string_view path = uri.path();
        if (path.starts_with('/')) path.remove_prefix(1);
        util::String name;
        TRY(append_percent_decoded(name, path));
        Ipv4Address address = TRY(resolve_host(context_, uri));
        TRY(fifo_.allocate());
        TRY(transfer_.start(context_, {address, uri.port().value_or(kTftpPort)}, name, fifo_));
        transfer_.run(context_.loop, fifo_.count(), 1);
        return transfer_.done() ? transfer_.result() : util::Result<void>();
    }
    std::optional<std::uint64_t> size() const override { return fifo_.announced(); }
    util::Result<std::size_t> read(util::MutableBytes target) override {
        if (!transfer_.done()) transfer_.run(context_.loop, fifo_.count(), target.size());
        std::size_t size = std::min(target.size(), fifo_.count());
        if (!size && !transfer_.result().ok()) return transfer_.result().failure();
        if (size) std::memcpy(target.data(), fifo_.front(size).data(), size);
        fifo_.drop(size);
        return size;
    }
    bool at_end() const override { return transfer_.done() && !fifo_.count(); }
    bool is_ready() const override { return true; }  // reading brings it

  private:
    FetchContext& context_;
    PxeFifo fifo_;
    PxeTransfer transfer_;  // goes before what it writes to
};

}  // namespace

util::Result<util::Owned<FileStream>> open_tftp_stream(FetchContext& context, const Uri& uri) {
    auto stream = TRY(util::make_owned<TftpStream>(context));
    TRY(stream->open(uri));
    return util::Owned<FileStream>(std::move(stream));
}

Status pxe_tftp_open(PxeApi& api, std::byte* parameters) {
    auto& call = parameters_as<pxe::TftpOpen>(parameters);
    pxe_tftp_close(api, parameters);
    if (auto opened = open(api, call); !opened.ok()) {
        pxe_tftp_close(api, parameters);
        return status_of(opened.failure());
    }
    api.tftp.packet_number = 0;
    api.tftp.packet_size = std::clamp(call.packet_size.get(), kSmallestPacket, kLargestPacket);
    call.packet_size = api.tftp.packet_size;
    return Status::Success;
}

Status pxe_tftp_close(PxeApi& api, std::byte*) {
    api.tftp.transfer.stop();
    api.tftp.fifo.release();
    return Status::Success;
}

Status pxe_tftp_read(PxeApi& api, std::byte* parameters) {
    auto& call = parameters_as<pxe::TftpRead>(parameters);
    PxeTftp& tftp = api.tftp;
    if (!tftp.transfer.is_started()) return Status::TftpClosed;
    if (!tftp.transfer.done()) tftp.transfer.run(api.loop(), tftp.fifo.count(), tftp.packet_size);
    std::size_t size = std::min<std::size_t>(tftp.packet_size, tftp.fifo.count());
    if (size < tftp.packet_size && !tftp.transfer.result().ok()) return status_of(tftp.transfer.result().failure());
    if (size) {
        util::MutableBytes target = api.map(call.buffer, size);
        if (target.empty()) return Status::UndiInvalidParameter;
        std::memcpy(target.data(), tftp.fifo.front(size).data(), size);
        tftp.fifo.drop(size);
    }
    call.buffer_size = static_cast<std::uint16_t>(size);
    call.packet_number = ++tftp.packet_number;
    // A short piece is the last one, as on the wire.
    if (size < tftp.packet_size) pxe_tftp_close(api, parameters);
    return Status::Success;
}

Status pxe_tftp_read_file(PxeApi& api, std::byte* parameters) {
    auto& call = parameters_as<pxe::TftpReadFile>(parameters);
    GuestSink sink(api, call.buffer, call.buffer_size);
    auto read = transfer_all(api, server_of(call.server, call.server_port), name_of(call.filename), sink);
    if (!read.ok()) return status_of(read.failure());
    if (!api.restart) call.buffer_size = sink.size();
    return Status::Success;
}

Status pxe_tftp_get_file_size(PxeApi& api, std::byte* parameters) {
    auto& call = parameters_as<pxe::TftpGetFileSize>(parameters);
    SizeSink sink;
    auto read = transfer_all(api, server_of(call.server, 0), name_of(call.filename), sink);
    if (!read.ok() && &read.failure() != &kSizeKnown) return status_of(read.failure());
    if (!sink.size || *sink.size > 0xffffffff) return Status::TftpNoFileSize;
    call.file_size = static_cast<std::uint32_t>(*sink.size);
    return Status::Success;
}

Status pxe_restart_tftp(PxeApi& api, std::byte* parameters) {
    api.restart = true;
    Status status = pxe_tftp_read_file(api, parameters);
    if (status != Status::Success) api.restart = false;
    return status;
}

}  // namespace net
