// Package serve shows an index in a browser: a box to search in, what was found, and
// the pages themselves with the words marked. It only reads. Every page works without
// scripts, asks for nothing from elsewhere, and a content security policy sees to it
// that nothing in a document's text can run or load anything.
package serve

import (
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"html/template"
	"io/fs"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"

	"github.com/congvan-cli/congvan/pkg/internal/index"
)

//go:embed web
var files embed.FS

// Options of a Server.
type Options struct {
	Index *index.Index
	Scans string      // the folder that the names of sources are below; empty: only the PDF outputs give images
	Hosts []string    // names that a browser may ask for; empty: every name
	Log   func(error) // told what goes wrong on our side; may be nil
}

// Server answers the requests of browsers.
type Server struct {
	opts   Options
	images *images
	mux    *http.ServeMux
}

// New returns a server.
func New(opts Options) *Server {
	s := &Server{opts: opts, images: newImages(), mux: http.NewServeMux()}
	web, err := fs.Sub(files, "web")
	if err != nil {
		panic(err) // it is embedded
	}
	s.handle("GET /{$}", s.search)
	s.handle("GET /document/{id}", s.document)
	s.handle("GET /document/{id}/{page}", s.page)
	s.handle("GET /image/{id}/{page}", s.image)
	s.handle("GET /file/{id}/{ending}", s.download)
	for _, name := range []string{"style.css", "keys.js", "icon.svg"} {
		s.mux.Handle("GET /"+name, http.FileServerFS(web))
	}
	return s
}

// errNotFound is for what is not there; everything else that goes wrong is our fault.
var errNotFound = errors.New("not found")

// handle answers a request with a page, or with an error in a page.
func (s *Server) handle(pattern string, do func(w http.ResponseWriter, r *http.Request) error) {
	s.mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
		err := do(w, r)
		switch {
		case err == nil || r.Context().Err() != nil:
		case errors.Is(err, errNotFound) || errors.Is(err, sql.ErrNoRows) || errors.Is(err, fs.ErrNotExist):
			s.fail(w, r, http.StatusNotFound, "There is no such page.")
		default:
			if s.opts.Log != nil {
				s.opts.Log(fmt.Errorf("%s: %w", r.URL.Path, err))
			}
			s.fail(w, r, http.StatusInternalServerError, err.Error())
		}
	})
}

// ServeHTTP implements http.Handler.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Content-Security-Policy", "default-src 'none'; img-src 'self'; style-src 'self'; script-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
	if !s.known(r.Host) {
		http.Error(w, "this server does not go by that name", http.StatusMisdirectedRequest)
		return
	}
	s.mux.ServeHTTP(w, r)
}

// known reports whether a browser asked for a name of this server. Another one means
// that a page from elsewhere has bent its own name to this address.
func (s *Server) known(host string) bool {
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	host = strings.Trim(host, "[]")
	for _, h := range s.opts.Hosts {
		if strings.EqualFold(h, host) {
			return true
		}
	}
	return len(s.opts.Hosts) == 0
}

// results is what the page of a search shows.
type results struct {
	view
	Query index.Query
	Found *index.Result // nil if nothing was asked
	Error string
}

// pageSize is how many documents a page of results has.
const pageSize = 20

func queryOf(v url.Values) index.Query {
	limit, _ := strconv.Atoi(v.Get("limit"))
	return index.Query{
		Words: v.Get("q"), Number: v.Get("number"), Issuer: v.Get("issuer"), Signer: v.Get("signer"), Subject: v.Get("subject"),
		Type: v.Get("type"), From: v.Get("from"), To: v.Get("to"), Limit: min(max(limit, pageSize), 10*pageSize),
	}
}

func (s *Server) search(w http.ResponseWriter, r *http.Request) error {
	page := results{view: newView(w, r), Query: queryOf(r.URL.Query())}
	found, err := s.opts.Index.Search(r.Context(), page.Query)
	switch {
	case errors.Is(err, index.ErrQuery):
		if len(r.URL.Query()) > 0 {
			page.Error = page.T("Nothing to look for: give words of the letter, or of its card.")
		}
	case err != nil:
		return err
	}
	page.Found = found
	return s.show(w, "search.html", page)
}

// More is the address of a longer list of the same results.
func (p results) More() string {
	v := p.values()
	v.Set("limit", strconv.Itoa(p.Query.Limit+2*pageSize))
	return "/?" + v.Encode()
}

// Snippet marks what was found.
func (results) Snippet(s index.Snippet) template.HTML {
	var b strings.Builder
	end := 0
	for _, f := range s.Found {
		b.WriteString(template.HTMLEscapeString(s.Text[end:f[0]]) + "<mark>" + template.HTMLEscapeString(s.Text[f[0]:f[1]]) + "</mark>")
		end = f[1]
	}
	return template.HTML(b.String() + template.HTMLEscapeString(s.Text[end:]))
}

func (s *Server) fail(w http.ResponseWriter, r *http.Request, status int, what string) {
	v := newView(w, r)
	w.WriteHeader(status)
	s.show(w, "error.html", struct {
		view
		What string
	}{v, v.T(what)})
}

var templates = sync.OnceValue(func() *template.Template { return template.Must(template.ParseFS(files, "web/*.html")) })

func (s *Server) show(w http.ResponseWriter, name string, data any) error {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	return templates().ExecuteTemplate(w, name, data)
}
