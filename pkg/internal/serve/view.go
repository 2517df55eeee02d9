package serve

import (
	"net/http"
	"net/url"
	"strings"
)

// view is what every page shows: its language and its address.
type view struct {
	Lang string // "vi" or "en"
	url  *url.URL
}

const languageCookie = "lang"

// newView finds the language of a request: as it asks for itself, as it asked before,
// as its browser likes; Vietnamese if none says.
func newView(w http.ResponseWriter, r *http.Request) view {
	v := view{"vi", r.URL}
	if strings.HasPrefix(r.Header.Get("Accept-Language"), "en") {
		v.Lang = "en"
	}
	if c, err := r.Cookie(languageCookie); err == nil {
		v.choose(c.Value)
	}
	if asked := r.URL.Query().Get(languageCookie); v.choose(asked) {
		http.SetCookie(w, &http.Cookie{Name: languageCookie, Value: v.Lang, Path: "/", MaxAge: 365 * 24 * 3600, HttpOnly: true, SameSite: http.SameSiteStrictMode})
	}
	return v
}

func (v *view) choose(lang string) bool {
	if lang != "vi" && lang != "en" {
		return false
	}
	v.Lang = lang
	return true
}

// T translates a text of the pages.
func (v view) T(text string) string {
	if v.Lang == "vi" {
		if t, ok := vietnamese[text]; ok {
			return t
		}
	}
	return text
}

// values is the query of the address, without the language.
func (v view) values() url.Values {
	q := v.url.Query()
	q.Del(languageCookie)
	return q
}

// Other is the address of this page in the other language.
func (v view) Other() string {
	q := v.values()
	q.Set(languageCookie, map[string]string{"vi": "en", "en": "vi"}[v.Lang])
	return v.url.Path + "?" + q.Encode()
}

// Filter is what a field of the card is asked for.
func (v view) Filter(name string) string { return v.url.Query().Get(name) }

// Filtered reports whether any field of the card is asked for.
func (v view) Filtered() bool {
	for _, f := range filters {
		if v.Filter(f.Name) != "" {
			return true
		}
	}
	return false
}

// filter is a field of the card that one may ask for.
type filter struct{ Name, Label, Example string }

var filters = []filter{
	{"number", "Number", "1453"},
	{"issuer", "Issuer", "so xay dung"},
	{"signer", "Signer", ""},
	{"subject", "Subject", ""},
	{"type", "Type", "quyet dinh"},
	{"from", "From", "2020-01"},
	{"to", "To", "2021-12-31"},
}

// Filters are the fields of the card that one may ask for.
func (view) Filters() []filter { return filters }

// vietnamese translates the texts of the pages.
var vietnamese = map[string]string{
	"Letters":                             "Tra cứu văn bản",
	"Search":                              "Tìm",
	"Words of the letter":                 "Từ trong văn bản",
	"Marks may be left out":               "Có thể gõ không dấu",
	"By the card":                         "Tìm theo trường",
	"Number":                              "Số, ký hiệu",
	"Issuer":                              "Cơ quan ban hành",
	"Parent":                              "Cơ quan chủ quản",
	"Signer":                              "Người ký",
	"Capacity":                            "Chức vụ",
	"Subject":                             "Trích yếu",
	"Type":                                "Loại văn bản",
	"From":                                "Từ ngày",
	"To":                                  "Đến ngày",
	"Date":                                "Ngày ban hành",
	"Place":                               "Nơi ban hành",
	"Addressees":                          "Nơi gửi đến",
	"Recipients":                          "Nơi nhận",
	"Urgency":                             "Độ khẩn",
	"Secrecy":                             "Độ mật",
	"Copy":                                "Bản sao",
	"Appendices":                          "Phụ lục",
	"Language":                            "Ngôn ngữ",
	"Pages":                               "Số trang",
	"Confidence":                          "Độ tin cậy khi đọc",
	"Source":                              "Tệp gốc",
	"Nothing was found.":                  "Không tìm thấy.",
	"documents":                           "văn bản",
	"More":                                "Xem thêm",
	"page":                                "trang",
	"Page":                                "Trang",
	"Previous":                            "Trang trước",
	"Next":                                "Trang sau",
	"Text":                                "Nội dung",
	"Download":                            "Tải về",
	"Back to the search":                  "Quay lại tìm kiếm",
	"No text on this page.":               "Trang này không có chữ.",
	"There is no such page.":              "Không có trang này.",
	"The image of this page is not here.": "Không có ảnh của trang này.",
	"Nothing to look for: give words of the letter, or of its card.": "Hãy nhập từ trong văn bản hoặc một trường để tìm.",
	"Keys": "Phím tắt",
	"/ search, j k next and previous result, n p next and previous page": "/ tìm, j k kết quả sau và trước, n p trang sau và trước",
}
