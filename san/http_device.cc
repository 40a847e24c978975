#include "san/http_device.h"

#include <algorithm>

#include "san/iscsi_failures.h"

namespace san {

using util::Result;

namespace {

// The primary volume descriptor of ISO 9660 (ECMA-119 section 8.4): block 16, "CD001" behind its first byte.
constexpr std::uint32_t kCdBlock = 2048, kDiskBlock = 512;
constexpr std::uint64_t kDescriptorAt = 16 * kCdBlock;
constexpr std::string_view kDescriptorId = "CD001";

constexpr std::uint16_t kPartialContent = 206, kRangeNotSatisfiable = 416;

}  // namespace

Result<util::Owned<HttpDevice>> HttpDevice::open(net::FetchContext& context, const net::Uri& uri, Diagnosis& out) {
    auto device = TRY(util::make_owned<HttpDevice>(context));
    TRY(device->start(uri));
    context.loop.add(device->query_);
    context.loop.add(*device);
    device->connect();
    TRY(context.loop.run_until([&] { return !device->probing_ || device->dead_; }, util::Instant::never()));
    if (!device->dead_) return device;
    out = device->diagnosis_;
    return *device->dead_;
}

HttpDevice::~HttpDevice() {
    if (stream_) stream_->close();
}

Result<void> HttpDevice::start(const net::Uri& uri) {
    if (!context_.connector) return net::kHttpNoConnection;
    uri_ = TRY(net::Uri::parse(uri.text()));
    return requester_.start(uri_);
}

void HttpDevice::fail_request(BlockRequest& request, const util::Failure& failure) {
    request.unlink();
    request.failure = &failure;
    request.state = BlockRequest::State::Failed;
}

void HttpDevice::submit(BlockRequest& request) {
    using Operation = BlockRequest::Operation;
    request.state = BlockRequest::State::Pending;
    request.failure = nullptr;
    request.failed_lba = request.lba;
    if (request.operation == Operation::Write) return fail_request(request, kWriteProtected);
    if (request.operation == Operation::Read) {
        ASSERT(request.data.size() == std::size_t{request.count} * geometry_.block_size);
        if (request.lba > geometry_.blocks || request.count > geometry_.blocks - request.lba)
            return fail_request(request, kOutsideDisk);
    }
    if (dead_) return fail_request(request, *dead_);
    if (request.operation == Operation::Flush || !request.count) {
        request.state = BlockRequest::State::Done;
        return;
    }
    if (!wanted()) good_at_ = clock_.now();
    pending_.push_back(request);
    if (state_ == State::Idle) connect();
}

void HttpDevice::cancel(BlockRequest& request) {
    request.unlink();
    request.state = BlockRequest::State::Idle;
    std::replace(requests_.begin(), requests_.end(), &request, static_cast<BlockRequest*>(nullptr));
}

net::HttpRequester::Range HttpDevice::range_of(const BlockRequest& request) const {
    std::uint64_t first = request.lba * geometry_.block_size;
    return {first, first + request.data.size() - 1};
}

net::HttpRequester::Range HttpDevice::probe_range() { return {kDescriptorAt, kDescriptorAt + kCdBlock - 1}; }

// The head of the oldest request's answer. False when its content is of no use.
bool HttpDevice::take_head() {
    const net::HttpResponse& response = reader_.response();
    auto next = requester_.follow(response);
    if (!next.ok()) return link_failed("HTTP", next.failure()), false;
    if (next.value() == net::HttpRequester::Next::Again) return lose_connection(), false;
    const auto& range = response.range;
    // A file that ends before the 17th block of a CD is none, and this tells its size.
    bool is_short = probing_ && response.status == kRangeNotSatisfiable && range && range->size;
    if (response.status != kPartialContent && !is_short) {
        const util::Failure& why = response.status / 100 == 2 ? kHttpNoRanges : net::http_failure(response.status);
        return link_failed("HTTP", why), false;
    }
    if (!range) return link_failed("HTTP", kHttpWrongPart), false;
    if (!range->size) return link_failed("HTTP", kHttpNoSize), false;
    if (probing_) {
        size_ = *range->size;
        validator_ = response.validator;
        return is_short || range->first == kDescriptorAt || (link_failed("HTTP", kHttpWrongPart), false);
    }
    bool is_known = validator_ && response.validator;
    if (*range->size != size_ || (is_known && response.validator != validator_)) {
        dead_ = &kHttpFileChanged;
        return link_failed("HTTP", kHttpFileChanged), false;
    }
    if (!validator_) validator_ = response.validator;
    if (!requests_[0]) return true;
    auto wanted = range_of(*requests_[0]);
    return (range->first == wanted.first && range->last == wanted.last) || (link_failed("HTTP", kHttpWrongPart), false);
}

// A part of its content. False when there is more than there should be.
bool HttpDevice::take_content(util::Bytes content) {
    util::MutableBytes target = probing_ ? util::MutableBytes(probe_) : requests_[0] ? requests_[0]->data : util::MutableBytes();
    bool is_wanted = probing_ ? reader_.response().status == kPartialContent : requests_[0] != nullptr;
    if (is_wanted && content.size() > target.size() - received_) return link_failed("HTTP", kHttpWrongPart), false;
    if (is_wanted && !content.empty()) std::memcpy(target.data() + received_, content.data(), content.size());
    received_ += content.size();
    return true;
}

bool HttpDevice::take_end() {
    if (probing_) return finish_probe();
    if (BlockRequest* request = requests_[0]) {
        if (received_ != request->data.size()) return link_failed("HTTP", kHttpWrongPart), false;
        request->state = BlockRequest::State::Done;
    }
    std::move(requests_.begin() + 1, requests_.end(), requests_.begin());
    requests_.back() = nullptr;
    --flights_;
    delay_ = {};
    return true;
}

bool HttpDevice::finish_probe() {
    bool is_cd = reader_.response().status == kPartialContent && received_ >= kDescriptorId.size() + 1 &&
                 util::as_text(util::Bytes(probe_).subspan(1, kDescriptorId.size())) == kDescriptorId;
    geometry_.is_cdrom = is_cd;
    geometry_.block_size = is_cd ? kCdBlock : kDiskBlock;
    geometry_.blocks = size_ / geometry_.block_size;
    if (!geometry_.blocks) return link_failed("HTTP", kHttpTooSmall), false;
    probing_ = false;
    flights_ = 0;
    return true;
}

}  // namespace san
