import Link from "next/link";

export default function NotFound() {
  return (
    <>
      <h1>No such import</h1>
      <p className="lead">
        It may have been removed. <Link href="/">See all imports</Link>
      </p>
    </>
  );
}
