// A file read piece by piece by HTTP: what the reader does not want yet waits in the TCP window.
#include "net/fetch/file_stream.h"
#include "net/fetch/http_download.h"

namespace net {

namespace {

class TargetSink final : public FetchSink {
  public:
    explicit TargetSink(util::MutableBytes target) : target_(target) {}
    util::Result<void> begin(std::optional<std::uint64_t>) override { return {}; }
    util::Result<void> write(util::Bytes data) override {
        std::memcpy(target_.data() + size_, data.data(), data.size());
        size_ += data.size();
        return {};
    }
    std::size_t size() const { return size_; }

  private:
    util::MutableBytes target_;
    std::size_t size_ = 0;
};

class HttpStream final : public FileStream {
  public:
    explicit HttpStream(FetchContext& context) : download_(context) {}
    util::Result<void> open(const Uri& uri) { return download_.open(uri, {}); }
    std::optional<std::uint64_t> size() const override { return download_.size(); }
    util::Result<std::size_t> read(util::MutableBytes target) override {
        TargetSink sink(target);
        auto taken = download_.take(sink, target.size());
        if (!taken.ok()) return taken.failure();
        return sink.size();
    }
    bool at_end() const override { return download_.done(); }
    bool is_ready() const override { return download_.is_ready(); }

  private:
    HttpDownload download_;
};

}  // namespace

util::Result<util::Owned<FileStream>> open_http_stream(FetchContext& context, const Uri& uri) {
    auto stream = TRY(util::make_owned<HttpStream>(context));
    TRY(stream->open(uri));
    return util::Owned<FileStream>(std::move(stream));
}

}  // namespace net
